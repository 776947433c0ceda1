package dev.tidepool.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@link SuiteWorker} seen from outside. Its sessions lie in {@code sessions}. */
final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private int port;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /** Starts one and does not wait for it, so that several start side by side. */
  static WorkerProcess start(Path directory) throws IOException {
    return start(directory, directory, "no-lock");
  }

  static WorkerProcess locking(Path directory) throws IOException {
    return start(directory, directory, "lock");
  }

  /** One whose app has the classes in {@code classes}. */
  static WorkerProcess start(Path directory, Path classes) throws IOException {
    return start(directory, classes, "no-lock");
  }

  private static WorkerProcess start(Path directory, Path classes, String lock) throws IOException {
    return new WorkerProcess(
        Children.talking(
            SuiteWorker.class,
            directory.resolve("log"),
            directory.resolve("sessions").toString(),
            classes.toString(),
            lock));
  }

  /** Waits until it is up. */
  int port() {
    if (port == 0) {
      try {
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        port = Integer.parseInt(String.valueOf(line));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return port;
  }

  /** What its listeners were told since it started. */
  String events() {
    return new Browser().body(port(), "/events");
  }

  /** By SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
