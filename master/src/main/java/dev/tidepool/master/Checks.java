package dev.tidepool.master;

import dev.tidepool.conf.CheckAction;
import dev.tidepool.conf.CheckSettings;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what is known of each worker with the limits of {@code health.checks}. */
final class Checks {
  private static final Logger log = LoggerFactory.getLogger(Checks.class);

  private enum Check {
    DEADLOCK,
    APP,
    LOOP_LAG,
    GC_TIME,
    HEAP,
    DIRECT_MEMORY,
    DESCRIPTORS,
    SCHEDULING_DELAY;

    /** If all workers fail it, the cause is in none of them. */
    boolean mayComeFromOutside() {
      return this == APP || this == LOOP_LAG || this == SCHEDULING_DELAY;
    }

    String setting() {
      return "health.checks." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What was seen of one worker so far. */
  private static final class Seen {
    final Map<Check, Integer> inARow = new EnumMap<>(Check.class);
    long at;
    long gcMillis;
    long waitedNanos;
  }

  /** A worker that is to be replaced, and why. */
  record Failed(Worker worker, String reason) {}

  private final Map<Worker, Seen> seen = new HashMap<>();
  private long due;

  /**
   * Looks at these workers if it is time to, and answers one that is to be replaced, or none. If
   * all fail a check whose cause may be outside, nobody is replaced for it.
   */
  Optional<Failed> look(
      List<Worker> serving,
      Scoreboard scoreboard,
      ProcessSource processes,
      CheckSettings settings,
      long now) {
    if (due != 0 && now - due < 0) {
      return Optional.empty();
    }
    due = now + settings.interval().toNanos();
    seen.keySet().retainAll(serving);
    Map<Check, List<Failed>> failed = new EnumMap<>(Check.class);
    for (Worker worker : serving) {
      Seen its = seen.computeIfAbsent(worker, w -> new Seen());
      WorkerRecord record = scoreboard.record(worker.record());
      ProcessVitals process = processes.vitals(worker.process().pid());
      new Look(settings, worker, its, failed).at(record, process, now);
    }
    return failed.entrySet().stream()
        .filter(
            each ->
                !each.getKey().mayComeFromOutside()
                    || serving.size() == 1
                    || each.getValue().size() < serving.size())
        .map(each -> each.getValue().get(0))
        .findFirst();
  }

  /** One look at one worker. */
  private record Look(
      CheckSettings settings, Worker worker, Seen before, Map<Check, List<Failed>> failed) {

    void at(WorkerRecord record, @Nullable ProcessVitals process, long now) {
      note(
          Check.DEADLOCK,
          settings.deadlock(),
          record.deadlocked() > 0,
          1,
          record.deadlocked() + " threads wait for each other for good");
      long unanswered = record.failedChecks();
      note(
          Check.APP,
          settings.app(),
          unanswered >= settings.failures(),
          1, // the worker has counted already
          "its app failed GET " + settings.appPath() + " " + unanswered + " times in a row");
      double lag = TimeUnit.NANOSECONDS.toMillis(record.loopLagNanos());
      var lagLimit =
          new CheckSettings.Limit(settings.loopLagLimit().toMillis(), settings.loopLag());
      beyond(Check.LOOP_LAG, lagLimit, lag, "an I/O thread was late by %.0f ms");
      beyond(
          Check.HEAP,
          settings.heap(),
          part(record.heapUsed(), record.heapMax()),
          "%.2f of the Java heap is in use after a collection");
      beyond(
          Check.DIRECT_MEMORY,
          settings.directMemory(),
          part(record.directMemory(), record.directMax()),
          "direct buffers take %.2f of their limit");
      if (before.at != 0) {
        long gc = TimeUnit.MILLISECONDS.toNanos(record.gcMillis() - before.gcMillis);
        beyond(
            Check.GC_TIME,
            settings.gcTime(),
            part(gc, now - before.at),
            "collections take %.2f of the time");
      }
      if (process != null) {
        kernel(process, record.connections(), now);
      }
      before.at = now;
      before.gcMillis = record.gcMillis();
    }

    private void kernel(ProcessVitals process, int connections, long now) {
      // Clients would come back to the next worker with as many connections.
      beyond(
          Check.DESCRIPTORS,
          settings.descriptors(),
          part(process.descriptors() - connections, process.descriptorLimit()),
          "%.2f of the descriptors that it may have are open, those of connections apart");
      if (before.waitedNanos != 0) {
        beyond(
            Check.SCHEDULING_DELAY,
            settings.schedulingDelay(),
            part(process.waitedNanos() - before.waitedNanos, now - before.at),
            "its threads waited for a processor for %.2f of the time");
      }
      before.waitedNanos = process.waitedNanos();
    }

    private void beyond(Check check, CheckSettings.Limit limit, double value, String text) {
      String found = String.format(Locale.ROOT, text, value) + ", limit " + limit.limit();
      note(check, limit.action(), value > limit.limit(), settings.failures(), found);
    }

    private void note(Check check, CheckAction action, boolean fails, int needed, String found) {
      if (!fails || action == CheckAction.OFF) {
        before.inARow.remove(check);
        return;
      }
      int inARow = before.inARow.merge(check, 1, Integer::sum);
      String reason = found + " (" + check.setting() + ")";
      if (inARow == needed) {
        log.warn("{}: {}", worker.identity(), reason);
      }
      if (inARow >= needed && action == CheckAction.REPLACE) {
        failed.computeIfAbsent(check, c -> new ArrayList<>()).add(new Failed(worker, reason));
      }
    }
  }

  private static double part(long of, long limit) {
    return limit <= 0 ? 0 : (double) of / limit;
  }
}
