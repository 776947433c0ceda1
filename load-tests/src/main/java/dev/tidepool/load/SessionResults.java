package dev.tidepool.load;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What was measured, round by round. */
final class SessionResults {
  private final Map<Point, List<Measurement>> measured = new LinkedHashMap<>();

  /** What one figure is about. */
  record Point(SessionSize size, Operation operation, int processes, TestedStore.Kind store) {
    Point of(TestedStore.Kind other) {
      return new Point(size, operation, processes, other);
    }

    Point with(int otherProcesses) {
      return new Point(size, operation, otherProcesses, store);
    }
  }

  void add(Point point, Measurement measurement) {
    measured.computeIfAbsent(point, p -> new ArrayList<>()).add(measurement);
  }

  Set<Point> points() {
    return measured.keySet();
  }

  /** Operations a second. */
  Rounds rate(Point point) {
    return rounds(point, Measurement::rate);
  }

  /** Microseconds that {@code share} of the operations did not exceed. */
  Rounds micros(Point point, double share) {
    return rounds(point, measurement -> measurement.latencies().quantile(share) / 1000);
  }

  private Rounds rounds(Point point, ToDoubleFunction<Measurement> figure) {
    return new Rounds(
        requireNonNull(measured.get(point)).stream().mapToDouble(figure).boxed().toList());
  }
}
