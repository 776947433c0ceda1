package dev.tidepool.master;

import dev.tidepool.control.LatencyHistogram;
import java.util.Locale;

/** What the workers of one generation did while a canary served. */
final class CanaryFigures {
  /** Part of the requests that its latency speaks of. */
  static final double QUANTILE = 0.95;

  private final long[] latencies;
  private final long errors;
  private final long memoryBytes;

  /**
   * Of all its workers together.
   *
   * @param latencies of the requests, counted as in {@link LatencyHistogram}
   * @param errors those answered with 5xx
   * @param memoryBytes mean of the workers that serve, 0 if there is none
   */
  CanaryFigures(long[] latencies, long errors, long memoryBytes) {
    this.latencies = latencies;
    this.errors = errors;
    this.memoryBytes = memoryBytes;
  }

  long errors() {
    return errors;
  }

  long memoryBytes() {
    return memoryBytes;
  }

  long requests() {
    long all = 0;
    for (long count : latencies) {
      all += count;
    }
    return all;
  }

  long latencyNanos() {
    return LatencyHistogram.quantileNanos(latencies, QUANTILE);
  }

  /** As people read it. */
  String latency() {
    long last = LatencyHistogram.endNanos(LatencyHistogram.BUCKETS - 2);
    return latencyNanos() > last
        ? "over " + last / 1_000_000 + " ms"
        : String.format(Locale.ROOT, "%.1f ms", latencyNanos() / 1e6);
  }

  /** Requests that certainly took longer. */
  long slowerThan(double nanos) {
    long slower = 0;
    for (int bucket = 1; bucket < latencies.length; bucket++) {
      slower += LatencyHistogram.endNanos(bucket - 1) >= nanos ? latencies[bucket] : 0;
    }
    return slower;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d requests, %.2f %% errors, p95 %s, %d MiB",
        requests(),
        100 * Wilson.share(errors, requests()),
        latency(),
        memoryBytes >> 20);
  }
}
