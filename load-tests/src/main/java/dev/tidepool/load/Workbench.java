package dev.tidepool.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory in memory and the processes that work on it. Both are gone when it is closed, and
 * also when the benchmark is interrupted.
 */
final class Workbench implements AutoCloseable {
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private boolean cleared;

  private Workbench(Path directory) {
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "clear workbench"));
  }

  static Workbench open() throws IOException {
    return new Workbench(Files.createTempDirectory(Path.of("/dev/shm"), "tidepool-sessions"));
  }

  Path directory() {
    return directory;
  }

  /** Starts a process whose errors, and output unless it is to be read, go to {@code log}. */
  synchronized Process start(List<String> command, Path log, boolean isRead) throws IOException {
    if (cleared) {
      throw new IOException("interrupted");
    }
    Redirect toLog = Redirect.appendTo(log.toFile());
    Process process =
        new ProcessBuilder(command)
            .redirectError(toLog)
            .redirectOutput(isRead ? Redirect.PIPE : toLog)
            .start();
    processes.add(process);
    return process;
  }

  @Override
  public synchronized void close() {
    if (cleared) {
      return;
    }
    cleared = true;
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
