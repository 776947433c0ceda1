package dev.tidepool.master;

import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evidence of workers that are to be killed, a directory for each:
 *
 * <pre>
 *  incident.txt   who, when, why, and what its scoreboard record held
 *  process.txt    what the kernel says: /proc/PID/status, and the number of descriptors
 *  threads.txt    what each thread does, and the locks it holds
 * </pre>
 */
final class Incidents {
  private static final Logger log = LoggerFactory.getLogger(Incidents.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);
  private static final int DUMP_LIMIT_MILLIS = 5000;

  private final Path directory;
  private final Scoreboard scoreboard;
  private final Account account;

  Incidents(Path directory, Scoreboard scoreboard, Account account) {
    this.directory = directory;
    this.scoreboard = scoreboard;
    this.account = account;
  }

  /** Collects on a thread of its own, then has {@code whenDone} run there. */
  void report(Worker worker, String reason, Runnable whenDone) {
    int pid = worker.process().pid();
    String summary = summary(worker, reason);
    String who = worker.identity().toString();
    Generation generation = worker.generation();
    var thread =
        new Thread(
            () -> {
              try {
                Path report = collect(pid, summary, generation);
                log.warn("{}: evidence in {}", who, report);
              } catch (IOException e) {
                log.error("{}: evidence could not be kept: {}", who, RunDir.reason(e));
              } finally {
                whenDone.run();
              }
            },
            "incident-of-" + pid);
    thread.setDaemon(true);
    thread.start();
  }

  private String summary(Worker worker, String reason) {
    WorkerRecord record = scoreboard.record(worker.record());
    long now = System.nanoTime();
    return String.join(
        "\n",
        worker.identity() + ": " + reason,
        "time " + LocalDateTime.now(ZoneOffset.UTC) + "Z",
        "state " + worker.state() + ", on the scoreboard " + record.state(),
        "I/O threads silent for " + millisBetween(record.heartbeatNanos(), now) + " ms",
        "task pool silent for " + millisBetween(record.taskHeartbeatNanos(), now) + " ms",
        "connections " + record.connections(),
        "requests in flight " + record.inFlight() + ", served " + record.served(),
        "");
  }

  private static long millisBetween(long from, long to) {
    return TimeUnit.NANOSECONDS.toMillis(to - from);
  }

  private Path collect(int pid, String summary, Generation generation) throws IOException {
    Path report = directory.resolve(TIME.format(LocalDateTime.now(ZoneOffset.UTC)) + "-pid" + pid);
    Files.createDirectories(report);
    Files.writeString(report.resolve("incident.txt"), summary);
    Path process = Path.of("/proc/" + pid);
    String status = Files.readString(process.resolve("status"));
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      Files.writeString(
          report.resolve("process.txt"), status + "descriptors: " + descriptors.count() + "\n");
    }
    dumpThreads(pid, JavaHome.of(generation.settings().workers()), report.resolve("threads.txt"));
    removeOldest(generation.settings().incidents().keep());
    return report;
  }

  /**
   * By jcmd, which a JVM answers on a thread that no app can block, if it is asked by its own user.
   */
  private void dumpThreads(int pid, JavaHome java, Path into) throws IOException {
    Path jcmd = java.path().resolve("bin/jcmd");
    if (!Files.isExecutable(jcmd)) {
      Files.writeString(
          into, "no thread dump: there is no " + jcmd + " (a JDK has it, a JRE not)\n");
      return;
    }
    List<String> command = new ArrayList<>(account.command());
    command.addAll(List.of(jcmd.toString(), String.valueOf(pid), "Thread.print", "-l"));
    Process dump =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(into.toFile()).start();
    try {
      if (!dump.waitFor(DUMP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
        log.warn("pid {} gave no thread dump within {} ms", pid, DUMP_LIMIT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      dump.destroyForcibly();
    }
  }

  private void removeOldest(int keep) throws IOException {
    List<Path> reports = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*-pid*")) {
      all.forEach(reports::add);
    }
    Collections.sort(reports); // their names begin with the time
    for (Path old : reports.subList(0, Math.max(0, reports.size() - keep))) {
      try (Stream<Path> files = Files.walk(old)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
