package dev.tidepool.master;

import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerState;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces workers that have answered, lived or grown enough. The next one serves first, a warm
 * spare if there is one, then the old one drains; the next is looked at when that one has gone. A
 * reload has precedence, for it replaces all. On the supervisor's thread.
 */
final class Recycling {
  private static final Logger log = LoggerFactory.getLogger(Recycling.class);

  private final Pool pool;
  private final Scoreboard scoreboard;
  private final IntToLongFunction ownMemory;
  private final RestartBackoff backoff = new RestartBackoff();
  private @Nullable Change change;
  private @Nullable Worker outgoing;
  private long lookAt = Long.MIN_VALUE;
  private int count;

  /**
   * Looks at nobody yet.
   *
   * @param ownMemory bytes of a process by pid that no other process shares
   */
  Recycling(Pool pool, Scoreboard scoreboard, IntToLongFunction ownMemory) {
    this.pool = pool;
    this.scoreboard = scoreboard;
    this.ownMemory = ownMemory;
  }

  /** A worker in its place, and why another is to take it. */
  private record Due(Slot slot, Worker worker, String reason, boolean urgent) {}

  /** {@code next} is on its way to the place of {@code due}. */
  private record Change(Due due, Worker next) {}

  /** Workers recycled so far. */
  int count() {
    return count;
  }

  /** True for a worker that is on its way to the place of one to be recycled. */
  boolean brings(Worker worker) {
    return change != null && change.next == worker;
  }

  void advance(Reloads reloads, long now) {
    Change running = change;
    if (running != null) {
      go(running, reloads, now);
      return;
    }
    if (outgoing != null && pool.byPid(outgoing.process().pid()) == outgoing) {
      return; // one at a time
    }
    outgoing = null;
    Generation current = reloads.current();
    if (current == null || reloads.underWay() || pool.suspended()) {
      return;
    }
    if (now >= lookAt && backoff.allows(now)) {
      lookAt = now + current.settings().recycle().interval().toNanos();
      look(now);
    }
  }

  private void look(long now) {
    pool.slots().stream()
        .map(slot -> due(slot, now))
        .filter(Objects::nonNull)
        .min(
            Comparator.comparing((Due due) -> !due.urgent())
                .thenComparing(due -> -due.worker().servedNanos(now)))
        .ifPresent(due -> begin(due, now));
  }

  private @Nullable Due due(Slot slot, long now) {
    Worker worker = slot.worker();
    if (worker == null || !worker.is(WorkerState.SERVING)) {
      return null;
    }
    RecycleLimits limits = RecycleLimits.of(worker);
    String large =
        limits.limitsMemory()
            ? limits.memoryReason(ownMemory.applyAsLong(worker.process().pid()))
            : null;
    if (large != null) {
      return new Due(slot, worker, large, true);
    }
    String old =
        limits.ageReason(scoreboard.record(worker.record()).served(), worker.servedNanos(now));
    return old == null ? null : new Due(slot, worker, old, false);
  }

  private void begin(Due due, long now) {
    Generation generation = due.worker.generation();
    Worker spare = pool.warmSpare(generation);
    List<Worker> coming =
        pool.spares().stream().filter(w -> w.generation().equals(generation)).toList();
    if (spare == null && !coming.isEmpty()) {
      return; // it will be warm sooner than one that starts now
    }
    Worker next = spare != null ? spare : pool.spawn(generation, due.slot.index(), now);
    if (next == null) {
      backoff.died(now, 0, generation.settings().workers());
      return;
    }
    log.info(
        "{} is recycled: {}; {} pid={} serves in its place first",
        due.worker.identity(),
        due.reason,
        spare != null ? "the spare" : "a new worker",
        next.process().pid());
    change = new Change(due, next);
    if (spare != null) {
      next.serve(due.slot.index(), now);
    }
  }

  private void go(Change running, Reloads reloads, long now) {
    Slot slot = running.due.slot;
    Worker next = running.next;
    boolean othersTookIt = slot.worker() != null && slot.worker() != running.due.worker;
    if (next.leaving() != null) {
      change = null; // its end has its own reason
    } else if (reloads.underWay() || !pool.slots().contains(slot) || othersTookIt) {
      change = null;
      next.drain("withdrawn: the place it was to take is changing anyway", now);
    } else if (slot.worker() == null) { // the old one has died or was replaced meanwhile
      change = null;
      slot.take(next);
      serveOnceWarm(next, slot, now);
    } else if (next.is(WorkerState.SERVING)) {
      change = null;
      slot.take(next);
      leave(running.due.worker, now);
    } else {
      serveOnceWarm(next, slot, now);
    }
  }

  /** Limits that a worker reaches as soon as it serves must not keep the pool busy with starts. */
  private void leave(Worker old, long now) {
    old.drain("recycled", now);
    backoff.died(now, old.servedNanos(now), old.generation().settings().workers());
    outgoing = old;
    count++;
  }

  private static void serveOnceWarm(Worker next, Slot slot, long now) {
    if (next.is(WorkerState.STANDBY) && !next.toldToServe()) {
      next.serve(slot.index(), now);
    }
  }

  void exited(Worker worker, WorkerExit exit, long now) {
    Change running = change;
    if (running != null && running.next == worker) {
      change = null;
      log.error(
          "{} was to take the place of {} and died: {}{}; next try in {} ms",
          worker.identity(),
          running.due.worker.identity(),
          exit,
          worker.failure() == null ? "" : " (" + worker.failure() + ")",
          backoff.died(now, 0, worker.generation().settings().workers()).toMillis());
    }
  }
}
