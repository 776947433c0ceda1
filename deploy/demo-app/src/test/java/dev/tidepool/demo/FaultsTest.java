package dev.tidepool.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault in a process of its own, which it may end. */
class FaultsTest {
  private static final Duration NO_ANSWER = Duration.ofMillis(500);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int port;
  private final Path errorFile;

  FaultsTest(@TempDir Path directory) throws IOException {
    errorFile = directory.resolve("hs_err.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx48m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + errorFile,
            "-cp",
            System.getProperty("java.class.path"),
            DemoServer.class.getName());
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .directory(directory.toFile())
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    port = Integer.parseInt(out.readLine());
  }

  @AfterEach
  void endProcess() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @ParameterizedTest
  @CsvSource({"exit, 42", "halt, 43", "oom, 3"})
  void endsTheProcess(String fault, int exitCode) throws Exception {
    assertThat(exitCodeAfter(fault)).isEqualTo(exitCode);
  }

  @Test
  void segvIsAFatalErrorOfTheJvm() throws Exception {
    assertThat(exitCodeAfter("segv")).isNotZero();
    assertThat(errorFile).content().contains("SIGSEGV");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deadlock", "spin"})
  void blocksOnlyItsOwnRequest(String fault) throws Exception {
    assertThatThrownBy(() -> get("/fault/" + fault, NO_ANSWER))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(get("/hello", Duration.ofSeconds(20)).statusCode()).isEqualTo(200);
    assertThat(get("/version", Duration.ofSeconds(20)).statusCode()).isEqualTo(200);
  }

  @Test
  void stuckLeavesTheIoThreadsAlone() throws Exception {
    assertThatThrownBy(() -> get("/fault/stuck", NO_ANSWER))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(get("/hello", Duration.ofSeconds(20)).statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> get("/version", NO_ANSWER)).isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void blockIoLeavesNobodyToAnswer() {
    assertThatThrownBy(() -> get("/fault/block-io", NO_ANSWER))
        .isInstanceOf(HttpTimeoutException.class);
    assertThatThrownBy(() -> get("/hello", NO_ANSWER)).isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void throwAndLeakAnswer() throws Exception {
    assertThat(get("/fault/throw", Duration.ofSeconds(20)).statusCode()).isEqualTo(500);
    assertThat(get("/fault/leak?mb=2", Duration.ofSeconds(20)).body()).isEqualTo("leaked 2 MiB\n");
    assertThat(get("/fault/leak", Duration.ofSeconds(20)).body()).isEqualTo("leaked 3 MiB\n");
    assertThat(get("/fault/leak?mb=x", Duration.ofSeconds(20)).statusCode()).isEqualTo(400);
    assertThat(get("/fault/absent", Duration.ofSeconds(20)).statusCode()).isEqualTo(404);
  }

  private int exitCodeAfter(String fault) throws InterruptedException {
    assertThatThrownBy(() -> get("/fault/" + fault, Duration.ofSeconds(20)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(HttpTimeoutException.class);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private HttpResponse<String> get(String path, Duration timeout)
      throws IOException, InterruptedException {
    return client.send(
        DemoServer.request(port, path).timeout(timeout).build(), BodyHandlers.ofString());
  }
}
