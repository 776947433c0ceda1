package dev.tidepool.load;

import java.util.List;

/** What workers did in one go: operations a second, and how long each took. */
record Measurement(double rate, Latencies latencies) {

  /** One line, for {@link #parse}. */
  String encode() {
    return rate + " " + latencies.encode();
  }

  static Measurement parse(String line) {
    int space = line.indexOf(' ');
    if (space < 0) {
      throw new IllegalArgumentException("not a measurement: " + line);
    }
    return new Measurement(
        Double.parseDouble(line.substring(0, space)), Latencies.parse(line.substring(space + 1)));
  }

  /** What workers did side by side. */
  static Measurement sum(List<Measurement> parts) {
    var latencies = new Latencies();
    parts.forEach(part -> latencies.addAll(part.latencies));
    return new Measurement(parts.stream().mapToDouble(Measurement::rate).sum(), latencies);
  }
}
