package dev.tidepool.load;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * Durations in nanoseconds, counted in classes that are less than one percent wide. Adding one
 * costs a few nanoseconds and no allocation, so that it does not disturb what is measured.
 */
final class Latencies {
  private static final int SUB_BITS = 7;
  private static final int EXACT = 1 << (SUB_BITS + 1);
  private static final int CLASSES = (Long.SIZE - SUB_BITS) << SUB_BITS;

  private final long[] counts = new long[CLASSES];

  void add(long nanos) {
    counts[classOf(Math.max(0, nanos))]++;
  }

  void addAll(Latencies other) {
    Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
  }

  long count() {
    return Arrays.stream(counts).sum();
  }

  /** The duration that {@code share} of all (0 to 1) do not exceed. */
  double quantile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * count()));
    long seen = 0;
    for (int i = 0; i < CLASSES; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return (lowest(i) + lowest(i + 1) - 1) / 2.0;
      }
    }
    throw new IllegalStateException("nothing was measured");
  }

  /** One word, for {@link #parse}. */
  String encode() {
    var text = new StringJoiner(",");
    for (int i = 0; i < CLASSES; i++) {
      if (counts[i] != 0) {
        text.add(i + ":" + counts[i]);
      }
    }
    return text.toString();
  }

  static Latencies parse(String encoded) {
    var latencies = new Latencies();
    for (String each : encoded.isEmpty() ? new String[0] : encoded.split(",", -1)) {
      int colon = each.indexOf(':');
      latencies.counts[Integer.parseInt(each.substring(0, colon))] =
          Long.parseLong(each.substring(colon + 1));
    }
    return latencies;
  }

  /** Below {@link #EXACT} the value itself, above it the magnitude and the leading bits. */
  private static int classOf(long nanos) {
    if (nanos < EXACT) {
      return (int) nanos;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    return (shift << SUB_BITS) + (int) (nanos >>> shift);
  }

  private static long lowest(int index) {
    if (index < EXACT) {
      return index;
    }
    int shift = (index >> SUB_BITS) - 1;
    return ((long) index - ((long) shift << SUB_BITS)) << shift;
  }
}
