package dev.tidepool.master;

import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * How busy the workers in service are, between two looks. A worker's busyness is the larger of two
 * shares: of its task threads that requests in flight would take, on average over the heartbeats,
 * and of the time that its I/O threads ran. 1 is as much as it can do at once; it is more if
 * requests wait for a task thread.
 */
final class Busyness {
  private final Pool pool;
  private final Scoreboard scoreboard;
  private final IntToLongFunction ioNanos;
  private final Map<Worker, Sums> sums = new HashMap<>();

  /**
   * @param ioNanos processor time of the I/O threads of a process by pid
   */
  Busyness(Pool pool, Scoreboard scoreboard, IntToLongFunction ioNanos) {
    this.pool = pool;
    this.scoreboard = scoreboard;
    this.ioNanos = ioNanos;
  }

  private static final class Sums {
    private final long since;
    private final long ioNanosBefore;
    private long inFlight;
    private int samples;

    Sums(long since, long ioNanosBefore) {
      this.since = since;
      this.ioNanosBefore = ioNanosBefore;
    }
  }

  /** Reads how many requests are in flight; as often as workers publish it. */
  void sample(long now) {
    for (Worker worker : inService()) {
      Sums own =
          sums.computeIfAbsent(worker, w -> new Sums(now, ioNanos.applyAsLong(w.process().pid())));
      own.inFlight += scoreboard.record(worker.record()).inFlight();
      own.samples++;
    }
  }

  /** The mean of all workers in service since the last call; 0 if there are none. */
  double take(long now) {
    double busy = inService().stream().mapToDouble(w -> of(w, now)).average().orElse(0);
    sums.clear();
    sample(now);
    return busy;
  }

  private double of(Worker worker, long now) {
    Sums own = sums.get(worker);
    if (own == null || now <= own.since) {
      return 0;
    }
    var settings = worker.generation().settings().workers();
    double tasks = (double) own.inFlight / own.samples / settings.taskThreads();
    long ran = ioNanos.applyAsLong(worker.process().pid()) - own.ioNanosBefore;
    return Math.max(tasks, (double) ran / (now - own.since) / settings.ioThreads());
  }

  private List<Worker> inService() {
    return pool.all().stream()
        .filter(w -> w.is(WorkerState.SERVING) && Pool.role(w).equals("slot"))
        .toList();
  }
}
