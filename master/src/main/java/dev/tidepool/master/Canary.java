package dev.tidepool.master;

import dev.tidepool.control.LatencyHistogram;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.control.WorkerState;
import dev.tidepool.master.CanaryRule.Decision;
import dev.tidepool.master.CanaryRule.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what the workers of a new generation and of the old one do from now on. A worker that
 * comes meanwhile counts from its start, one that goes with all that it did until then.
 */
final class Canary {
  private static final long LOOK = Duration.ofMillis(100).toNanos();

  private final Pool pool;
  private final Generation target;
  private final Generation previous;
  private final CanaryRule rule;
  private final long startedAt;
  private final Map<Worker, Count> counts = new HashMap<>();
  private Decision decision = new Decision(Outcome.GO_ON, "");
  private CanaryFigures fresh;
  private CanaryFigures old;
  private long lookedAt;

  Canary(Pool pool, Generation target, Generation previous, long now) {
    this.pool = pool;
    this.target = target;
    this.previous = previous;
    this.rule = new CanaryRule(target.settings().reload().canary());
    this.startedAt = now;
    this.lookedAt = now;
    pool.all().forEach(w -> counts.put(w, new Count().since(pool.record(w))));
    fresh = figures(target);
    old = figures(previous);
  }

  /** Counts again if it is time to, and decides. */
  Decision look(long now) {
    if (now - nextLook() >= 0) {
      lookedAt = now;
      pool.all().forEach(this::count);
      fresh = figures(target);
      old = figures(previous);
      decision = rule.decide(Duration.ofNanos(now - startedAt), fresh, old);
    }
    return decision;
  }

  long nextLook() {
    return lookedAt + LOOK;
  }

  /** The last look at its record, before another worker gets it. */
  void exited(Worker worker) {
    count(worker);
  }

  private void count(Worker worker) {
    counts.computeIfAbsent(worker, w -> new Count()).until(pool.record(worker));
  }

  CanaryFigures fresh() {
    return fresh;
  }

  CanaryFigures old() {
    return old;
  }

  long seconds() {
    return Duration.ofNanos(lookedAt - startedAt).toSeconds();
  }

  /** What it still waits for after its time; empty if for nothing. */
  String doubt() {
    return decision.reason();
  }

  @Override
  public String toString() {
    return "canary of " + seconds() + " s: new: " + fresh + "; old: " + old;
  }

  private CanaryFigures figures(Generation generation) {
    long[] latencies = new long[LatencyHistogram.BUCKETS];
    long errors = 0;
    for (var entry : counts.entrySet()) {
      if (entry.getKey().generation().equals(generation)) {
        errors += entry.getValue().errors;
        for (int bucket = 0; bucket < latencies.length; bucket++) {
          latencies[bucket] += entry.getValue().latencies[bucket];
        }
      }
    }
    return new CanaryFigures(latencies, errors, memory(generation));
  }

  private long memory(Generation generation) {
    double mean =
        pool.all().stream()
            .filter(w -> w.generation().equals(generation) && w.is(WorkerState.SERVING))
            .mapToLong(w -> w.process().ownBytes())
            .filter(bytes -> bytes > 0)
            .average()
            .orElse(0);
    return (long) mean;
  }

  /** Of one worker. Errors are read first: they are counted after the request they belong to. */
  private static final class Count {
    private long errorsBefore;
    private long[] latenciesBefore = new long[LatencyHistogram.BUCKETS];
    private long errors;
    private long[] latencies = new long[LatencyHistogram.BUCKETS];

    Count since(WorkerRecord record) {
      errorsBefore = record.errors();
      latenciesBefore = record.latencies().counts();
      return this;
    }

    void until(WorkerRecord record) {
      errors = record.errors() - errorsBefore;
      latencies = record.latencies().counts();
      for (int bucket = 0; bucket < latencies.length; bucket++) {
        latencies[bucket] -= latenciesBefore[bucket];
      }
    }
  }
}
