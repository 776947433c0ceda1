package dev.tidepool.load;

import java.util.List;
import java.util.Locale;

/** One figure as measured in several rounds. */
record Rounds(List<Double> values) {
  Rounds {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no rounds");
    }
    values = values.stream().sorted().toList();
  }

  double median() {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  double lowest() {
    return values.get(0);
  }

  double highest() {
    return values.get(values.size() - 1);
  }

  /** Median as a whole number. */
  String rate() {
    return String.format(Locale.ROOT, "%,.0f", median());
  }

  /** Lowest to highest as whole numbers. */
  String range() {
    return String.format(Locale.ROOT, "%,.0f–%,.0f", lowest(), highest());
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"median\":%.3f,\"lowest\":%.3f,\"highest\":%.3f}",
        median(),
        lowest(),
        highest());
  }
}
