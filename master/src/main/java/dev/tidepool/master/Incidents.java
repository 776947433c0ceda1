package dev.tidepool.master;

import dev.tidepool.conf.IncidentSettings;
import dev.tidepool.control.Scoreboard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evidence of workers that died or were found sick, a directory for each:
 *
 * <pre>
 *  incident.txt   who, when, why, the requests in flight, and what its scoreboard record held
 *  log.txt        its last log lines
 *  process.txt    what the kernel says: /proc/PID/status, and the number of descriptors
 *  threads.txt    what each thread does, and the locks it holds
 *  heap.txt       sizes of the Java heap
 *  heap.hprof     if incidents.heap-dump
 *  flight.jfr     if incidents.flight-recorder
 *  hs_err.log     what a JVM wrote that crashed in native code
 * </pre>
 *
 * Of a process that is gone there are only the first two, and the last.
 */
final class Incidents {
  private static final Logger log = LoggerFactory.getLogger(Incidents.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

  private interface Collector {
    void into(Path report) throws IOException;
  }

  private final Path directory;
  private final Path crashes;
  private final Scoreboard scoreboard;
  private final Account account;
  private final Executor background;

  /**
   * Has kept nothing yet.
   *
   * @param crashes where a worker may write files of its own
   * @param account the user of the workers, who alone may ask them
   * @param background runs what takes its time
   */
  Incidents(
      Path directory, Path crashes, Scoreboard scoreboard, Account account, Executor background) {
    this.directory = directory;
    this.crashes = crashes;
    this.scoreboard = scoreboard;
    this.account = account;
    this.background = background;
  }

  /**
   * Asks a living worker, in the background, and then runs {@code whenDone} there.
   *
   * @param process its state as in /proc/PID/stat: one that is stopped cannot be asked
   */
  void report(Worker worker, String reason, char process, Runnable whenDone) {
    Generation generation = worker.generation();
    boolean runs = process != 'T' && process != 't' && process != 'D';
    collect(
        worker,
        reason,
        report -> {
          int pid = worker.process().pid();
          process(pid, report.resolve("process.txt"));
          if (runs) {
            JavaHome java = JavaHome.of(generation.settings().workers());
            new JvmQuestions(pid, java, account, crashes)
                .ask(report, generation.settings().incidents());
          }
        },
        whenDone);
  }

  /** Keeps what a worker left that is gone. */
  void died(Worker worker, String reason) {
    Path written = crashes.resolve("hs_err_pid" + worker.process().pid() + ".log");
    collect(
        worker,
        reason,
        report -> {
          if (Files.exists(written)) {
            Files.move(written, report.resolve("hs_err.log"));
          }
        },
        () -> {});
  }

  private void collect(Worker worker, String reason, Collector collector, Runnable whenDone) {
    // Now, for the record may soon be another worker's.
    IncidentReport found = IncidentReport.of(worker, scoreboard.record(worker.record()), reason);
    IncidentSettings settings = worker.generation().settings().incidents();
    background.execute(
        () -> {
          String name = TIME.format(LocalDateTime.now(ZoneOffset.UTC)) + "-pid" + found.pid();
          Path report = directory.resolve(name);
          try {
            Files.createDirectories(report);
            Files.writeString(report.resolve("incident.txt"), found.summary());
            Files.writeString(report.resolve("log.txt"), found.logTail());
            collector.into(report);
            removeOldest(settings);
            log.warn("{}: evidence in {}", found.who(), report);
          } catch (IOException e) {
            log.error("{}: evidence is incomplete: {}", found.who(), RunDir.reason(e));
          } finally {
            whenDone.run();
          }
        });
  }

  private static void process(int pid, Path into) throws IOException {
    Path process = Path.of("/proc/" + pid);
    Files.writeString(
        into,
        Files.readString(process.resolve("status"))
            + "descriptors: "
            + ProcessVitals.descriptors(process)
            + "\n");
  }

  private synchronized void removeOldest(IncidentSettings settings) throws IOException {
    List<Path> reports = new ArrayList<>();
    try (Stream<Path> all = Files.list(directory)) {
      all.filter(path -> path.toString().contains("-pid"))
          .sorted() // their names begin with the time
          .forEach(reports::add);
    }
    long bytes = 0;
    for (Path each : reports) {
      bytes += size(each);
    }
    while (reports.size() > 1
        && (reports.size() > settings.keep() || bytes > settings.sizeBytes())) {
      Path oldest = reports.remove(0);
      bytes -= size(oldest);
      FileTree.delete(oldest);
    }
  }

  private static long size(Path report) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(report)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
