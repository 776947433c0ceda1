package dev.tidepool.system;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Traces shutdown(2), listen(2) and bind(2) of a master, its workers and all that come later. */
final class Strace implements AutoCloseable {
  private final Process process;
  private final Path output;

  private Strace(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Attaches, and returns when strace says that it did. */
  static Strace attach(TidepoolServer server) throws IOException {
    Path output = server.directory().root().resolve("strace.txt");
    Path messages = server.directory().root().resolve("strace.err");
    var command =
        new ArrayList<String>(
            List.of("strace", "-f", "-yy", "-e", "trace=shutdown,listen,bind", "-o"));
    command.add(output.toString());
    var pids = new ArrayList<Integer>(server.pids());
    pids.add(server.pid());
    pids.forEach(pid -> command.addAll(List.of("-p", String.valueOf(pid))));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(messages.toFile())
            .start();
    Eventually.eventually(
        Duration.ofSeconds(20),
        () -> {
          String said = Files.readString(messages);
          for (int pid : pids) {
            org.assertj.core.api.Assertions.assertThat(said).contains("Process " + pid + " ");
          }
        });
    return new Strace(process, output);
  }

  /** Detaches; the calls that were made, one a line. */
  List<String> stop() throws IOException {
    close();
    return Files.readAllLines(output).stream().filter(line -> line.contains("(")).toList();
  }

  @Override
  public void close() {
    Processes.signal((int) process.pid(), Signal.INT);
    try {
      if (!process.waitFor(20, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
