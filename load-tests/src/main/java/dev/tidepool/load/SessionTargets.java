package dev.tidepool.load;

import dev.tidepool.load.SessionResults.Point;
import dev.tidepool.load.TestedStore.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the store is to reach, and whether it does. */
final class SessionTargets {
  private static final double MOST_TIMES_ARRAY_SMALL = 4;
  private static final double MOST_TIMES_ARRAY_LARGE = 2.5;
  private static final int SMALL_BYTES = 512;
  private static final double LEAST_TIMES_REDIS = 40;

  /**
   * What a doubling of processes must bring. Of the best rounds: one in which others took a core
   * says nothing about the store.
   */
  private static final double LEAST_GROWTH = 1.5;

  /** What ten times the sessions may cost; they no longer fit the caches. */
  private static final double MOST_GROWTH_OF_P99 = 1.5;

  private final SessionPlan plan;
  private final SessionResults results;
  private final int cores;
  private final List<Target> targets = new ArrayList<>();

  private SessionTargets(SessionPlan plan, SessionResults results, int cores) {
    this.plan = plan;
    this.results = results;
    this.cores = cores;
  }

  static List<Target> of(SessionPlan plan, SessionResults results, int cores) {
    var targets = new SessionTargets(plan, results, cores);
    for (SessionSize size : plan.sizes()) {
      if (results.points().contains(targets.point(size, Operation.GET))) {
        targets.nearTheLimit(size);
        targets.fasterThanRedis(size);
        targets.growth(size);
        targets.tail(size);
      }
    }
    return targets.targets;
  }

  private void nearTheLimit(SessionSize size) {
    Point point = point(size, Operation.GET);
    double most = size.bytes() <= SMALL_BYTES ? MOST_TIMES_ARRAY_SMALL : MOST_TIMES_ARRAY_LARGE;
    double ratio = p50(point) / p50(point.of(Kind.ARRAY));
    add(ratio <= most, "%s: get p50 %.2f x the array's, wanted at most %.1f", size, ratio, most);
  }

  private void fasterThanRedis(SessionSize size) {
    for (Operation operation : Operation.values()) {
      Point point = point(size, operation);
      double ratio = rate(point) / rate(point.of(Kind.REDIS));
      add(
          ratio >= LEAST_TIMES_REDIS,
          "%s: %s %.1f x the throughput of Redis, wanted at least %.0f (the array's: %.1f)",
          size,
          operation,
          ratio,
          LEAST_TIMES_REDIS,
          rate(point.of(Kind.ARRAY)) / rate(point.of(Kind.REDIS)));
    }
  }

  private void growth(SessionSize size) {
    for (int i = 1; i < plan.processes().size() && plan.processes().get(i) <= cores; i++) {
      int fewer = plan.processes().get(i - 1);
      int more = plan.processes().get(i);
      for (Operation operation : Operation.values()) {
        Point point = point(size, operation).with(more);
        double growth = bestRate(point) / bestRate(point.with(fewer));
        Point limit = point.of(Kind.ARRAY);
        add(
            growth >= LEAST_GROWTH,
            "%s: %s with %d processes %.2f x that with %d, wanted at least %.1f (the array's: %.2f)",
            size,
            operation,
            more,
            growth,
            fewer,
            LEAST_GROWTH,
            bestRate(limit) / bestRate(limit.with(fewer)));
      }
    }
  }

  private void tail(SessionSize size) {
    SessionSize fewest =
        plan.sizes().stream()
            .filter(other -> other.bytes() == size.bytes())
            .findFirst()
            .orElse(size);
    if (fewest.equals(size)) {
      return;
    }
    for (Operation operation : Operation.values()) {
      Point many = point(size, operation);
      Point few = point(fewest, operation);
      double growth = p99(many) / p99(few);
      add(
          growth <= MOST_GROWTH_OF_P99,
          "%s: %s p99 %.2f x that with %,d, wanted at most %.1f (the array's: %.2f)",
          size,
          operation,
          growth,
          fewest.sessions(),
          MOST_GROWTH_OF_P99,
          p99(many.of(Kind.ARRAY)) / p99(few.of(Kind.ARRAY)));
    }
  }

  private Point point(SessionSize size, Operation operation) {
    return new Point(size, operation, plan.mostProcesses(), Kind.CHRONICLE);
  }

  private double rate(Point point) {
    return results.rate(point).median();
  }

  private double bestRate(Point point) {
    return results.rate(point).highest();
  }

  private double p50(Point point) {
    return results.micros(point, 0.5).median();
  }

  private double p99(Point point) {
    return results.micros(point, 0.99).median();
  }

  private void add(boolean reached, String format, Object... figures) {
    targets.add(new Target(String.format(Locale.ROOT, format, figures), reached));
  }
}
