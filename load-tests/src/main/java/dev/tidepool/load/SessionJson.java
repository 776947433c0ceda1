package dev.tidepool.load;

import dev.tidepool.load.SessionResults.Point;
import java.util.List;
import java.util.Locale;

/** The results for programs: an object for each figure, and the targets. */
final class SessionJson {
  private SessionJson() {}

  static String of(SessionResults results, List<Target> targets, String machine) {
    return JsonReport.of(
        machine,
        "results",
        results.points().stream().map(point -> figures(results, point)),
        targets);
  }

  private static String figures(SessionResults results, Point point) {
    return String.format(
        Locale.ROOT,
        "{\"store\":\"%s\",\"operation\":\"%s\",\"sessions\":%d,\"bytes\":%d,\"processes\":%d,"
            + "\"rate\":%s,\"p50Micros\":%s,\"p99Micros\":%s}",
        point.store().title,
        point.operation(),
        point.size().sessions(),
        point.size().bytes(),
        point.processes(),
        results.rate(point).json(),
        results.micros(point, 0.5).json(),
        results.micros(point, 0.99).json());
  }
}
