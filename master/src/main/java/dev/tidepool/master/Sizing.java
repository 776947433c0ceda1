package dev.tidepool.master;

import dev.tidepool.conf.ScalingSettings;
import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.control.WorkerState;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grows and shrinks a dynamic pool. It grows when for a while its workers were busy, or connections
 * waited that nobody accepted: to as many workers as would no longer be busy, at most twice as
 * many. It shrinks by one when for a longer while those left would have had little to do. No rule
 * applies while a reload is under way or a place has no worker in service. On the supervisor's
 * thread.
 */
final class Sizing {
  private static final Logger log = LoggerFactory.getLogger(Sizing.class);
  private static final long LOOK = Duration.ofSeconds(1).toNanos();

  private final Pool pool;
  private final Busyness busyness;
  private final IntToLongFunction ownMemory;
  private final ToIntFunction<Generation> waiting;
  private final Since busy = new Since();
  private final Since idle = new Since();
  private long sampledAt = Long.MIN_VALUE;
  private long lookAt = Long.MIN_VALUE;
  private int sizeSeen;
  private double lastBusy;
  private int lastWaiting;
  private boolean ceilingTold;
  private String why = "as configured";

  /**
   * Looks at nobody yet.
   *
   * @param ownMemory bytes of a process by pid that no other process shares
   * @param waiting connections that wait to be accepted on the addresses of a generation
   */
  Sizing(
      Pool pool,
      Busyness busyness,
      IntToLongFunction ownMemory,
      ToIntFunction<Generation> waiting) {
    this.pool = pool;
    this.busyness = busyness;
    this.ownMemory = ownMemory;
    this.waiting = waiting;
  }

  /** Since when something has held without a break. */
  private static final class Since {
    private boolean holds;
    private long since;

    /** Nanoseconds for which it has held; -1 if it does not. */
    long update(boolean holdsNow, long now) {
      if (holdsNow && !holds) {
        since = now;
      }
      holds = holdsNow;
      return holds ? now - since : -1;
    }
  }

  /** Busyness at the last look, 1 for as much as the workers can do at once. */
  double lastBusy() {
    return lastBusy;
  }

  /** Connections that waited in accept queues at the last look. */
  int lastWaiting() {
    return lastWaiting;
  }

  /** Why the pool has the size that it has. */
  String why() {
    return why;
  }

  void advance(Reloads reloads, long now) {
    Generation current = reloads.current();
    if (current == null || !current.settings().workers().dynamic()) {
      return;
    }
    long heartbeat = current.settings().health().heartbeatInterval().toNanos();
    if (now - heartbeat >= sampledAt) {
      sampledAt = now;
      busyness.sample(now);
    }
    if (now < lookAt) {
      return;
    }
    lookAt = now + LOOK;
    lastBusy = busyness.take(now);
    lastWaiting = waiting.applyAsInt(current);
    noticeOtherChanges();
    if (reloads.underWay() || pool.suspended() || !whole()) {
      startOver(now);
    } else {
      look(current, now);
    }
  }

  /** A reload or an operator may have changed the size. */
  private void noticeOtherChanges() {
    int size = pool.slots().size();
    if (sizeSeen != size) {
      why = sizeSeen == 0 ? "as configured" : "by a reload, or as told by an operator";
      sizeSeen = size;
      ceilingTold = false;
    }
  }

  private boolean whole() {
    return pool.slots().stream()
        .allMatch(s -> s.worker() != null && s.worker().is(WorkerState.SERVING));
  }

  private void startOver(long now) {
    busy.update(false, now);
    idle.update(false, now);
  }

  private void look(Generation current, long now) {
    ScalingSettings rule = current.settings().scaling();
    WorkerSettings workers = current.settings().workers();
    int size = pool.slots().size();
    double ifOneLess = size > 1 ? lastBusy * size / (size - 1) : Double.MAX_VALUE;
    boolean tooFew = lastBusy >= rule.growAbove() || lastWaiting > 0;
    long busyFor = busy.update(tooFew && size < workers.largest(), now);
    long idleFor = idle.update(ifOneLess < rule.shrinkBelow() && lastWaiting == 0, now);
    if (!tooFew) {
      ceilingTold = false;
    }
    if (busyFor >= rule.growAfter().toNanos()) {
      grow(current, size, now);
    } else if (idleFor >= rule.shrinkAfter().toNanos() && size > workers.smallest()) {
      String reason =
          "%s busy, %s if one fewer (scaling.shrink-below = %s) for %d ms"
              .formatted(
                  percent(lastBusy),
                  percent(ifOneLess),
                  percent(rule.shrinkBelow()),
                  rule.shrinkAfter().toMillis());
      resize(current, size, size - 1, reason, now);
    }
  }

  private void grow(Generation current, int size, long now) {
    ScalingSettings rule = current.settings().scaling();
    int enough = (int) Math.ceil(size * lastBusy / rule.growAbove());
    int most = Math.min(2 * size, current.settings().workers().largest());
    int wanted = Math.min(Math.max(enough, size + 1), most);
    String reason =
        "%s busy (scaling.grow-above = %s), %d connections waiting, for %d ms"
            .formatted(
                percent(lastBusy),
                percent(rule.growAbove()),
                lastWaiting,
                rule.growAfter().toMillis());
    int allowed = Math.min(wanted, size + roomFor(rule, reason));
    if (allowed > size) {
      resize(current, size, allowed, reason, now);
    }
  }

  /** How many more workers, of the size of those that serve, fit below the ceiling. */
  private int roomFor(ScalingSettings rule, String reason) {
    if (rule.memoryMaxBytes() == 0) {
      return Integer.MAX_VALUE / 2;
    }
    long all = pool.all().stream().mapToLong(this::memory).sum();
    long one =
        (long)
            pool.slots().stream()
                .mapToLong(s -> s.worker() == null ? 0 : memory(s.worker()))
                .average()
                .orElse(0);
    long room = (rule.memoryMaxBytes() - all) / Math.max(1, one);
    if (room < 1 && !ceilingTold) {
      ceilingTold = true;
      why =
          "memory: all workers have %d MiB, one has %d MiB (scaling.memory-max = %d MiB)"
              .formatted(all >> 20, one >> 20, rule.memoryMaxBytes() >> 20);
      log.warn("pool stays at {} workers for want of {}; it is {}", sizeSeen, why, reason);
    }
    return (int) Math.max(0, Math.min(room, Integer.MAX_VALUE / 2));
  }

  private long memory(Worker worker) {
    return ownMemory.applyAsLong(worker.process().pid());
  }

  private void resize(Generation current, int from, int to, String reason, long now) {
    why = "%s from %d to %d: %s".formatted(to > from ? "grew" : "shrank", from, to, reason);
    log.info("pool {}", why);
    pool.resize(to, current, now);
    sizeSeen = to;
    ceilingTold = false;
    startOver(now);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
