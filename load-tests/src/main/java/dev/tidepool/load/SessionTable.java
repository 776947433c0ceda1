package dev.tidepool.load;

import dev.tidepool.load.SessionResults.Point;
import java.util.Locale;

/** The results as lines of text: medians, and what they are of the limit and of Redis. */
final class SessionTable {
  private static final double MEDIAN = 0.5;
  private static final double HIGH = 0.99;

  private final SessionResults results;

  SessionTable(SessionResults results) {
    this.results = results;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    String heading = "";
    for (Point point : results.points()) {
      String next = point.size() + ", " + point.operation();
      if (!next.equals(heading)) {
        heading = next;
        text.append(
            String.format(
                "%n%s%n%-18s %5s %11s %23s %15s %15s %9s %8s%n",
                heading,
                "",
                "procs",
                "ops/s",
                "lowest–highest",
                "p50 µs",
                "p99 µs",
                "p50/array",
                "x Redis"));
      }
      text.append(line(point));
    }
    return text.toString();
  }

  private String line(Point point) {
    Rounds rate = results.rate(point);
    return String.format(
        Locale.ROOT,
        "%-18s %5d %11s %23s %15s %15s %9.2f %8.1f%n",
        point.store().title,
        point.processes(),
        rate.rate(),
        rate.range(),
        micros(point, MEDIAN),
        micros(point, HIGH),
        ratio(
            results.micros(point, MEDIAN),
            results.micros(point.of(TestedStore.Kind.ARRAY), MEDIAN)),
        ratio(rate, results.rate(point.of(TestedStore.Kind.REDIS))));
  }

  private String micros(Point point, double share) {
    Rounds micros = results.micros(point, share);
    return String.format(
        Locale.ROOT, "%.2f ±%.2f", micros.median(), (micros.highest() - micros.lowest()) / 2);
  }

  private static double ratio(Rounds figure, Rounds reference) {
    return figure.median() / reference.median();
  }
}
