package dev.tidepool.load;

import java.util.Locale;

/** What is measured of a contender. */
enum Figure {
  KEPT("kept req/s", 0),
  CPU("CPU µs/req", 1),
  NEW("new conn/s", 0),
  CPU_NEW("CPU µs/new conn", 1),
  COLD("cold req/s", 0),
  WARM_KEPT("warm s", 0),
  WARM_NEW("warm s, new conn", 0),
  PSS_IDLE("PSS idle MB", 1),
  PSS_LOADED("PSS load MB", 1),
  PSS_MASTER("master MB", 1),
  START("start ms", 0),
  P50("p50 ms", 2),
  P99("p99 ms", 2),
  P999("p99.9 ms", 2);

  final String title;
  private final int decimals;

  Figure(String title, int decimals) {
    this.title = title;
    this.decimals = decimals;
  }

  String format(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
