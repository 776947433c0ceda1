package dev.tidepool.master;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that does what workers do, without an app, and leaves an archive of its classes. It
 * runs as the master's user, whatever theirs is: who can write an archive decides what workers
 * execute.
 */
final class ArchiveTraining {
  private static final Logger log = LoggerFactory.getLogger(ArchiveTraining.class);
  private static final int LIMIT_SECONDS = 300;

  private final ArchiveFile wanted;
  private final Path scratch;
  private final Process process;
  private final long startedAt = System.nanoTime();
  private volatile boolean cancelled;

  ArchiveTraining(ArchiveFile wanted, WorkerJvm jvm) throws IOException {
    this.wanted = wanted;
    Files.createDirectories(wanted.directory());
    this.scratch = Files.createTempDirectory(wanted.directory(), "training");
    // With the least priority: workers that start meanwhile come first.
    List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
    command.addAll(List.of("env", "--default-signal", jvm.executable()));
    command.addAll(wanted.make(fresh()));
    command.addAll(jvm.options());
    command.addAll(List.of("-jar", jvm.jar().toString(), "--train", scratch.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    WorkerJvm.environment(builder.environment());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(output().toFile());
    this.process = builder.start();
  }

  private Path fresh() {
    return scratch.resolve("fresh");
  }

  private Path output() {
    return scratch.resolve("output");
  }

  boolean isOver() {
    return !process.isAlive();
  }

  /** Ends it; what it made is lost. */
  void cancel() {
    cancelled = true;
    process.destroyForcibly();
    remove();
  }

  /** Logs how it went, later. */
  void reportWhenOver() {
    var thread =
        new Thread(
            () -> {
              try {
                log.info("workers start faster from now on: {}", await());
              } catch (IOException e) {
                if (!cancelled) {
                  log.warn("workers start without a class archive: {}", RunDir.reason(e));
                }
              }
            },
            "archive");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for the archive. */
  Path await() throws IOException {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("it was not made within " + LIMIT_SECONDS + " s");
      }
      if (process.exitValue() != 0 || !Files.exists(fresh())) {
        throw new IOException(
            "making it ended with " + new WorkerExit(process.exitValue()) + ": " + lastLine());
      }
      Path made = wanted.keep(fresh());
      log.debug("made in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
      return made;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
      remove();
    }
  }

  private String lastLine() throws IOException {
    List<String> lines = Files.readAllLines(output());
    return lines.isEmpty() ? "no output" : lines.get(lines.size() - 1);
  }

  private void remove() {
    try {
      FileTree.delete(scratch);
    } catch (IOException e) {
      log.debug("{} could not be removed", scratch, e);
    }
  }
}
