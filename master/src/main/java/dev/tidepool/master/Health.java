package dev.tidepool.master;

import dev.tidepool.conf.HealthSettings;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.control.WorkerState;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the signs of life that workers leave on the scoreboard, and has those replaced that give
 * none. What the kernel says of the process tells a hung worker, which is killed once its evidence
 * is kept, from one that was stopped and may go on. On the supervisor's thread.
 */
final class Health {
  private static final Logger log = LoggerFactory.getLogger(Health.class);

  private static final int MISSED_BEATS = 3;

  private final Pool pool;
  private final Scoreboard scoreboard;
  private final ProcessSource processes;
  private final Incidents incidents;
  private final LongSupplier clock;
  private final Consumer<MasterEvent> queue;
  private final Checks checks = new Checks();
  private long pardonedAt;
  private boolean pardoned;
  private boolean allSilent;
  private boolean stoodStill;

  Health(
      Pool pool,
      Scoreboard scoreboard,
      ProcessSource processes,
      Incidents incidents,
      LongSupplier clock,
      Consumer<MasterEvent> queue) {
    this.pool = pool;
    this.scoreboard = scoreboard;
    this.processes = processes;
    this.incidents = incidents;
    this.clock = clock;
    this.queue = queue;
  }

  /** The master, or all workers, stood still: whoever is silent has as long as ever from now on. */
  void pardon() {
    pardoned = true;
    pardonedAt = clock.getAsLong();
  }

  void check(@Nullable Generation current, long now) {
    if (current == null) {
      return;
    }
    HealthSettings settings = current.settings().health();
    processes.watch(pool.pids(), settings.checks().interval());
    pardoned = pardoned && now - pardonedAt < settings.heartbeatTimeout().toNanos();
    if (pardoned) {
      return;
    }
    List<Worker> watched =
        pool.all().stream()
            .filter(w -> w.is(WorkerState.SERVING) || w.is(WorkerState.STANDBY))
            .filter(w -> scoreboard.record(w.record()).heartbeatNanos() != 0)
            .toList();
    List<Worker> silent =
        watched.stream()
            .filter(w -> silence(w, now) > settings.heartbeatTimeout().toNanos())
            .toList();
    welcomeBack(watched, silent, now);
    // One of them is always the first to be overdue: what counts is whether any other still beats.
    long missed = MISSED_BEATS * settings.heartbeatInterval().toNanos();
    watched.stream().filter(w -> silence(w, now) > missed).forEach(w -> w.silentAt(now));
    List<Worker> inPlace = watched.stream().filter(w -> !w.isReplaced()).toList();
    boolean nobodyBeats = inPlace.stream().allMatch(w -> silence(w, now) > missed);
    if (inPlace.size() > 1 && nobodyBeats && !silent.isEmpty()) {
      // Not if one of them is hung, and the others missed a few beats.
      long half = settings.heartbeatTimeout().toNanos() / 2;
      stoodStill = inPlace.stream().allMatch(w -> silence(w, now) > half);
      all(inPlace.size(), silent, settings, now);
      return;
    }
    allSilent = false;
    if (stoodStill) { // the first of them goes on: the others may be about to
      stoodStill = false;
      pardon();
      return;
    }
    for (Worker worker : silent) {
      one(worker, settings, now);
    }
    // The task threads of one that is stopped, or was until a moment ago, cannot be blamed.
    sick(watched.stream().filter(w -> !w.wasSilent(now - missed)).toList(), settings, now);
  }

  private long silence(Worker worker, long now) {
    return now - scoreboard.record(worker.record()).heartbeatNanos();
  }

  /** Those who were replaced while they were stopped have no place any more. */
  private static void welcomeBack(List<Worker> watched, List<Worker> silent, long now) {
    for (Worker worker : watched) {
      if (worker.isReplaced() && !silent.contains(worker) && worker.leaving() == null) {
        worker.drain("goes on after it was stopped, and was replaced meanwhile", now);
      }
    }
  }

  /** Not each of them is to blame: the machine was suspended, or has no processor to spare. */
  private void all(int watched, List<Worker> silent, HealthSettings settings, long now) {
    if (!allSilent) {
      allSilent = true;
      log.warn(
          "all {} workers are silent at once; waiting {} ms (health.stopped-timeout) before they"
              + " are replaced",
          watched,
          settings.stoppedTimeout().toMillis());
    }
    for (Worker worker : silent) {
      if (silence(worker, now) > settings.stoppedTimeout().toNanos()) {
        one(worker, settings, now);
      }
    }
  }

  private void one(Worker worker, HealthSettings settings, long now) {
    char process = processes.state(worker.process().pid());
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(silence(worker, now));
    switch (process) {
      case 'Z', 'X' -> {} // its end is on the way
      case 'T', 't', 'D' -> stopped(worker, process, silentMillis, settings, now);
      default -> hung(worker, process, silentMillis, now);
    }
  }

  private void stopped(
      Worker worker, char process, long silentMillis, HealthSettings settings, long now) {
    if (!worker.isReplaced()) {
      log.warn(
          "{} is stopped (process state {}), silent for {} ms: another takes its place",
          worker.identity(),
          process,
          silentMillis);
      pool.replace(worker, false, now);
    } else if (silentMillis > settings.stoppedTimeout().toMillis() && worker.leaving() == null) {
      worker.kill("stopped for " + silentMillis + " ms (health.stopped-timeout)", now);
    }
  }

  /** Their I/O threads live, but they do not do their work. */
  private void sick(List<Worker> alive, HealthSettings settings, long now) {
    List<Worker> serving =
        alive.stream().filter(w -> w.is(WorkerState.SERVING) && !w.isReplaced()).toList();
    for (Worker worker : serving) {
      WorkerRecord record = scoreboard.record(worker.record());
      long taskSilence = now - record.taskHeartbeatNanos();
      if (taskSilence > settings.heartbeatTimeout().toNanos()) {
        String since = TimeUnit.NANOSECONDS.toMillis(taskSilence) + " ms";
        stuck(worker, "all task threads wait for others, for " + since, now);
      } else if (record.stuckRequests() > 0) {
        String count = record.stuckRequests() + " of its threads";
        stuck(worker, count + " did not come back from an interrupt", now);
      }
    }
    boolean whole = serving.size() == pool.slots().size(); // one at a time
    if (whole) {
      checks
          .look(serving, scoreboard, processes, settings.checks(), now)
          .ifPresent(failed -> failed(failed.worker(), "sick: " + failed.reason(), now));
    }
  }

  /** It drains at once; what it is stuck in keeps it there for the evidence. */
  private void stuck(Worker worker, String what, long now) {
    String reason = "stuck: " + what;
    replaceSick(worker, reason, now);
    report(worker, reason, () -> {});
    worker.drain(reason, now);
  }

  /** It still works, and would be gone before it has been asked: it drains after that. */
  private void failed(Worker worker, String reason, long now) {
    if (!worker.isReplaced()) {
      replaceSick(worker, reason, now);
      worker.leaves(reason);
      report(worker, reason, () -> queue.accept(s -> worker.drain(reason, clock.getAsLong())));
    }
  }

  private void replaceSick(Worker worker, String reason, long now) {
    log.error("{} is {}: another takes its place, and it drains", worker.identity(), reason);
    pool.replace(worker, true, now);
  }

  private void report(Worker worker, String reason, Runnable whenDone) {
    incidents.report(worker, reason, processes.state(worker.process().pid()), whenDone);
  }

  private void hung(Worker worker, char process, long silentMillis, long now) {
    if (worker.leaving() != null) {
      return; // its evidence is being kept
    }
    String reason = "hung: I/O threads silent for " + silentMillis + " ms";
    log.error(
        "{} is {} (process state {}): another takes its place", worker.identity(), reason, process);
    pool.replace(worker, true, now);
    worker.condemn(reason, now);
    incidents.report(
        worker, reason, process, () -> queue.accept(s -> worker.evidenceKept(clock.getAsLong())));
  }

  /** Checks are due as often as heartbeats are. */
  long nextDeadline(@Nullable Generation current, long now) {
    return current == null
        ? Long.MAX_VALUE
        : now + current.settings().health().heartbeatInterval().toNanos();
  }
}
