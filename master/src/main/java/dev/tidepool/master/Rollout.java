package dev.tidepool.master;

import dev.tidepool.control.WorkerState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation on its way into service: all of its workers (or {@code reload.surge} at a time)
 * come up in standby, then all serve, then the old ones drain; then it is watched. With {@code
 * reload.canary} some of them come up and serve beside all old ones first, until a {@link
 * CanaryRule} lets the others follow. Any failure is told by {@link #failure}; {@link Reloads}
 * decides what to go back to.
 */
final class Rollout {
  private static final Logger log = LoggerFactory.getLogger(Rollout.class);

  private enum Phase {
    STARTING,
    SWITCHING,
    CANARY,
    RETIRING,
    SETTLING
  }

  private final Pool pool;
  private final Generation target;
  private final @Nullable Generation previous;
  private final int count;
  private final boolean goingBack;
  private final List<List<Slot>> batches = new ArrayList<>();
  private final Map<Slot, Worker> incoming = new LinkedHashMap<>();
  private final Set<Worker> fresh = new LinkedHashSet<>();
  private final Set<Worker> retired = new HashSet<>();
  private final int canaries;
  private Phase phase = Phase.STARTING;
  private @Nullable Canary canary;
  private @Nullable String failure;
  private boolean switchedAny;
  private int deaths;
  private long watchUntil;

  /**
   * Slots that already have a living worker of {@code target} are left alone.
   *
   * @param goingBack the previous generation failed: its empty slots wait for the target
   */
  Rollout(
      Pool pool,
      Generation target,
      @Nullable Generation previous,
      int count,
      boolean goingBack,
      long now) {
    this.pool = pool;
    this.target = target;
    this.previous = previous;
    this.count = count;
    this.goingBack = goingBack;
    boolean comparable = previous != null && !goingBack && !pool.suspended();
    int wanted = target.settings().reload().canary().workers(pool.slots().size());
    if (pool.slots().size() < count) {
      pool.resize(count, null, now);
    }
    List<Slot> wanting = new ArrayList<>(pool.slots().subList(0, count));
    wanting.removeIf(s -> s.worker() != null && s.worker().generation().equals(target));
    canaries = comparable ? Math.min(wanted, wanting.size()) : 0;
    if (canaries > 0) {
      batches.add(new ArrayList<>(wanting.subList(0, canaries)));
    }
    int surge = target.settings().reload().surge();
    int size = surge == 0 ? Math.max(1, wanting.size()) : surge;
    for (int from = canaries; from < wanting.size(); from += size) {
      batches.add(new ArrayList<>(wanting.subList(from, Math.min(wanting.size(), from + size))));
    }
  }

  /** The rollout that undoes this one; {@code previous} must not be null. */
  Rollout back(int size, long now) {
    return new Rollout(
        pool,
        /* target= */ Objects.requireNonNull(previous),
        /* previous= */ target,
        size,
        /* goingBack= */ true,
        now);
  }

  Generation target() {
    return target;
  }

  @Nullable Generation previous() {
    return previous;
  }

  /** Workers on their way to a slot, by slot. */
  Map<Slot, Worker> incoming() {
    return incoming;
  }

  /** Workers that this rollout brought into service. */
  Set<Worker> fresh() {
    return fresh;
  }

  @Nullable String failure() {
    return failure;
  }

  boolean starting() {
    return phase == Phase.STARTING || phase == Phase.SWITCHING;
  }

  /** Else a worker of the old generation that dies meanwhile is replaced as ever. */
  boolean brings(Slot slot) {
    return goingBack && incoming.containsKey(slot);
  }

  boolean retires(Worker worker) {
    return retired.contains(worker);
  }

  boolean switchedAny() {
    return switchedAny;
  }

  /** True once all workers of the target serve. */
  boolean switched() {
    return phase == Phase.SETTLING;
  }

  boolean done(long now) {
    return phase == Phase.SETTLING && retired.isEmpty() && now - watchUntil >= 0;
  }

  /** Another reload waits: it is to replace a canary, not to come after it. */
  void endWatch() {
    if (phase == Phase.SETTLING) {
      watchUntil = Long.MIN_VALUE / 2;
    } else if (phase == Phase.CANARY && failure == null) {
      failure = "the canary is given up for a further reload";
    }
  }

  /** In lower case, for users. */
  String phase() {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  /** What the canary did, while it is tried and after; null before. */
  @Nullable Canary canary() {
    return canary;
  }

  /** True for a worker that serves beside the old ones, to be compared with them. */
  boolean tries(Worker worker) {
    return phase == Phase.CANARY && incoming.containsValue(worker);
  }

  long nextDeadline() {
    if (phase == Phase.CANARY && canary != null) {
      return canary.nextLook();
    }
    return phase == Phase.SETTLING && retired.isEmpty() ? watchUntil : Long.MAX_VALUE;
  }

  void advance(long now) {
    if (failure != null) {
      return;
    }
    if (phase == Phase.RETIRING && retired.isEmpty()) {
      phase = batches.isEmpty() ? settle(now) : Phase.STARTING;
    }
    if (phase == Phase.CANARY && canary != null) {
      look(canary, now);
    }
    if (phase == Phase.STARTING) {
      start(now);
    }
    if (phase == Phase.SWITCHING) {
      finishSwitch(now);
    }
  }

  private void start(long now) {
    if (batches.isEmpty()) {
      phase = settle(now);
      return;
    }
    for (Slot slot : batches.get(0)) {
      if (failure == null && !incoming.containsKey(slot)) {
        Worker worker = pool.spawn(target, slot.index(), now);
        if (worker == null) {
          failure = "a worker process could not be started, see the log";
        } else {
          incoming.put(slot, worker);
        }
      }
    }
    if (failure == null && incoming.values().stream().allMatch(Rollout::ready)) {
      incoming.forEach(
          (slot, worker) -> {
            if (worker.is(WorkerState.STANDBY)) {
              worker.serve(slot.index(), now);
            }
          });
      phase = Phase.SWITCHING;
    }
  }

  /** A canary serves already when the others come up. */
  private static boolean ready(Worker worker) {
    return worker.is(WorkerState.STANDBY) || worker.is(WorkerState.SERVING);
  }

  private void look(Canary tried, long now) {
    for (Worker worker : incoming.values()) {
      if (!worker.is(WorkerState.SERVING) || worker.isReplaced()) {
        failure = worker.identity() + " serves no more as a canary";
        return;
      }
    }
    CanaryRule.Decision decision = tried.look(now);
    switch (decision.outcome()) {
      case GO_ON -> {}
      case ROLL_BACK -> failure = "the canary is not let through: " + decision.reason();
      case LET_THROUGH -> {
        log.info("{} let through: {}", target, tried);
        phase = Phase.SWITCHING;
        if (target.settings().reload().surge() == 0 && batches.size() > 1) {
          batches.get(0).addAll(batches.remove(1)); // all serve before an old one stops
          phase = Phase.STARTING;
        }
      }
    }
  }

  /** All new ones accept before the first old one stops. */
  private void finishSwitch(long now) {
    if (!incoming.values().stream().allMatch(w -> w.is(WorkerState.SERVING))) {
      return;
    }
    if (canaries > 0 && canary == null && previous != null) {
      canary = new Canary(pool, target, previous, now);
      phase = Phase.CANARY;
      log.info("{} serves as canary: {} of {} workers", target, canaries, pool.slots().size());
      return;
    }
    incoming.forEach(
        (slot, worker) -> {
          Worker old = slot.worker();
          slot.take(worker);
          slot.belongsTo(target);
          fresh.add(worker);
          if (old != null) {
            retire(old, now);
          }
        });
    switchedAny = true;
    incoming.clear();
    batches.remove(0);
    boolean oneByOne = target.settings().reload().surge() > 0;
    phase =
        oneByOne && !batches.isEmpty() ? Phase.RETIRING : batches.isEmpty() ? settle(now) : phase;
  }

  private Phase settle(long now) {
    for (Slot surplus :
        pool.slots().subList(Math.min(count, pool.slots().size()), pool.slots().size())) {
      if (surplus.worker() != null) {
        retired.add(surplus.worker());
      }
    }
    pool.resize(count, target, now);
    pool.slots().forEach(s -> s.belongsTo(target));
    watchUntil = now + target.settings().reload().watch().toNanos();
    return Phase.SETTLING;
  }

  private void retire(Worker old, long now) {
    retired.add(old);
    old.drain("replaced by " + target, now);
  }

  void exited(Worker worker, WorkerExit exit, long now) {
    retired.remove(worker);
    if (phase == Phase.CANARY && canary != null) {
      canary.exited(worker);
    }
    String died =
        worker.failure() != null
            ? worker.identity() + " " + worker.failure()
            : worker.identity() + " died, " + exit;
    if (incoming.values().remove(worker)) {
      deaths++;
      boolean mayTryAgain =
          previous == null
              && worker.failure() == null
              && deaths < target.settings().workers().startAttempts();
      if (!mayTryAgain || phase == Phase.SWITCHING) {
        failure = died;
      }
    } else if (fresh.contains(worker)
        && worker.leaving() == null
        && previous != null
        && (phase != Phase.SETTLING || now - watchUntil < 0)) {
      failure = died + " in service";
    }
  }

  /** Takes back what does not serve in a slot yet; the old ones were not touched. */
  void withdraw(String reason, long now) {
    incoming.values().forEach(w -> w.drain("withdrawn: " + reason, now));
    incoming.clear();
  }
}
