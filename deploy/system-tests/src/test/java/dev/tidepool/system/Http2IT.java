package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 with and without TLS: reloads, limits, and where it is not spoken. */
@Timeout(300)
final class Http2IT {
  private static final TestCertificates certificates = new TestCertificates().rsa("localhost");
  private static final int RELOADS = 10;
  private static final int STREAMS = 10;

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "listen.http = [\"127.0.0.1:0\", { address = \"127.0.0.1:0\", h2c = true }]",
          "listen.https = [\"127.0.0.1:0\"]",
          certificates.setting("localhost"),
          "workers.count = 1",
          "http2 { concurrent-streams = " + STREAMS + ", resets = 50 }",
          "drain.idle-window = 1 s");

  private InetSocketAddress plain = new InetSocketAddress(0);
  private InetSocketAddress h2c = new InetSocketAddress(0);
  private InetSocketAddress https = new InetSocketAddress(0);

  @BeforeEach
  void findOut() {
    Status status = server.awaitServing(1);
    plain = Status.tcp(status.http().get(0));
    h2c = Status.tcp(status.http().get(1));
    https = Status.tcp(status.https().get(0));
  }

  @AfterAll
  static void delete() throws IOException {
    certificates.delete();
  }

  /** All at the same time. The client of JDK 17 fails whatever is open on any GOAWAY. */
  @Test
  void tenReloadsUnderLoadLoseNothing() throws Exception {
    Path body = server.directory().root().resolve("body");
    Files.writeString(body, "tidepool".repeat(400));
    try (var front = Front.haproxy(server, h2c, "proto h2");
        var throughHaproxy = Load.on(front.address()).keepingConnections(2).posting(2);
        var toCleartext = new FrameCounter(h2c, null);
        var toTls =
            new FrameCounter(
                https, TestCertificates.trusting(certificates.certificate("localhost")));
        var cleartext = new Nghttp2Load(toCleartext, body);
        var overTls = new Nghttp2Load(toTls, body);
        var java = new JavaLoad(server, certificates.certificate("localhost"), h2c, https)) {
      throughHaproxy.start();
      cleartext.start();
      overTls.start();
      java.start();
      for (int i = 0; i < RELOADS; i++) {
        Cli.Result reload = server.reload();
        assertThat(reload.exitCode()).as(reload.output()).isZero();
        assertThat(reload.output()).contains(" 0 cut at the deadline");
      }
      java.assertNothingLost();
      cleartext.assertNothingLost(RELOADS);
      overTls.assertNothingLost(RELOADS);
      throughHaproxy.stop().assertNothingLost();
    }
  }

  /** {@link Http2Load} on JDK 25, or nothing where there is none. */
  private static final class JavaLoad implements AutoCloseable {
    private final TidepoolServer server;
    private final Path output;
    private final Path stop;
    private final @Nullable Process client;

    JavaLoad(
        TidepoolServer server, Path certificate, InetSocketAddress http, InetSocketAddress https)
        throws IOException {
      this.server = server;
      output = server.directory().root().resolve("client.txt");
      stop = server.directory().root().resolve("stop");
      Path home =
          Path.of(System.getProperty("tidepool.test.java-25", "/usr/lib/jvm/temurin-25-jdk-amd64"));
      client =
          !Files.exists(home)
              ? null
              : new ProcessBuilder(
                      home.resolve("bin/java").toString(),
                      "-cp",
                      System.getProperty("java.class.path"),
                      Http2Load.class.getName(),
                      certificate.toString(),
                      stop.toString(),
                      "http://localhost:" + http.getPort() + "/echo",
                      "https://localhost:" + https.getPort() + "/echo")
                  .redirectErrorStream(true)
                  .redirectOutput(output.toFile())
                  .start();
    }

    void start() {
      if (client != null) {
        eventually(
            Duration.ofSeconds(30),
            () -> assertThat(server.directory().read(output)).contains("all begun"));
      }
    }

    void assertNothingLost() throws IOException, InterruptedException {
      if (client != null) {
        Files.createFile(stop);
        assertThat(client.waitFor(30, SECONDS)).isTrue();
        String told = server.directory().read(output);
        System.out.println(told);
        assertThat(told).contains("https: HTTP_2").doesNotContain("https: HTTP_1_1");
        // It would upgrade, which is never answered.
        assertThat(told).contains("http: HTTP_1_1").doesNotContain("http: HTTP_2");
        assertThat(told.split(", lost 0\\n", -1)).hasSize(3);
      }
    }

    @Override
    public void close() {
      if (client != null) {
        client.destroyForcibly();
      }
    }
  }

  @Test
  void nghttp2OverTls() {
    String codes =
        Cli.run(
            "sh",
            "-c",
            "curl -sS -k -Z --parallel-max %d 'https://127.0.0.1:%d/hello?[1-300]' -o /dev/null "
                    .formatted(STREAMS, https.getPort())
                + "-w '%{http_code} %{http_version}\\n' 2>/dev/null | sort | uniq -c");
    assertThat(codes.strip()).isEqualTo("300 200 2");
  }

  @Test
  void clientsBeginWithHttp2OnlyWhereTheListenerSaysSo() {
    assertThat(version(h2c, "--http2-prior-knowledge")).isEqualTo("2");
    assertThat(version(h2c, "--http1.1")).isEqualTo("1.1");
    assertThat(version(h2c, "--http2")).as("no Upgrade: h2c").isEqualTo("1.1");
    assertThat(version(plain, "--http2")).as("no Upgrade: h2c").isEqualTo("1.1");
    assertThat(version(plain, "--http2-prior-knowledge || true")).isNotEqualTo("2");
  }

  private static String version(InetSocketAddress at, String option) {
    String url = "http://127.0.0.1:" + at.getPort() + "/hello";
    String command =
        "curl -s --max-time 20 -o /dev/null -w '%{http_version}' " + url + " " + option;
    return Cli.run(Duration.ofMinutes(1), Map.of(), List.of("sh", "-c", command)).output();
  }

  @Test
  void streamsBeyondTheLimitAreRefused() throws IOException {
    int answered = 0;
    int refused = 0;
    try (var client = new Http2Client(h2c)) {
      for (int i = 0; i < 4 * STREAMS; i++) {
        client.get("/sleep?ms=1000"); // all at one time, also where it is slow
      }
      client.flush();
      while (answered + refused < 4 * STREAMS) {
        Http2Client.Frame frame = client.read();
        if (frame.type() == Http2Client.RST_STREAM) {
          assertThat(frame.error()).isEqualTo(Http2Client.REFUSED_STREAM);
          refused++;
        } else if (frame.type() == Http2Client.HEADERS) {
          answered++;
        }
      }
    }
    assertThat(answered).isEqualTo(2 * STREAMS);
    assertThat(refused).isEqualTo(2 * STREAMS);
  }

  @Test
  void aClientThatOnlyOpensAndResetsIsSentAway() throws IOException {
    try (var client = new Http2Client(h2c)) {
      for (int i = 0; i < 200; i++) {
        client.cancel(client.get("/sleep?ms=100"));
      }
      client.flush();
      Http2Client.Frame frame = client.read();
      while (frame.type() != Http2Client.GOAWAY) {
        frame = client.read();
      }
      assertThat(frame.error()).isEqualTo(Http2Client.ENHANCE_YOUR_CALM);
    } catch (SocketException e) {
      // What was still on its way met a closed socket; EPIPE if its FIN came before its RST.
      assertThat(e).hasMessageMatching(".*reset.*|Broken pipe.*");
    }
    assertThat(version(h2c, "--http2-prior-knowledge")).isEqualTo("2");
    assertThat(server.reload().exitCode()).isZero();
    assertThat(server.log()).as("no request is left over").doesNotContain("requests cut after");
  }

  /** Sends frames of which no client needs that many, and reads nothing before it was sent away. */
  @ParameterizedTest
  @ValueSource(strings = {"pings", "settings", "continuations"})
  void whoFloodsIsSentAway(String what) throws IOException {
    try (var client = new Http2Client(h2c)) {
      if (what.equals("continuations")) {
        client.frame(Http2Client.HEADERS, 0, 1, new byte[] {(byte) 0x82});
      }
      for (int i = 0; i < 20_000; i++) {
        switch (what) {
          case "pings" -> client.frame(Http2Client.PING, 0, 0, new byte[8]);
          case "settings" -> client.frame(Http2Client.SETTINGS, 0, 0, new byte[0]);
          default -> client.frame(Http2Client.CONTINUATION, 0, 1, new byte[] {(byte) 0x82});
        }
      }
      client.flush();
      Http2Client.Frame frame = client.read();
      while (frame.type() != Http2Client.GOAWAY) {
        frame = client.read();
      }
    } catch (SocketException | EOFException e) {
      assertThat(e).as("closed").isNotNull();
    }
    assertThat(version(h2c, "--http2-prior-knowledge")).isEqualTo("2");
  }
}
