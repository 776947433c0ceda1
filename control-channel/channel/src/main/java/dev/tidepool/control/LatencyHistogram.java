package dev.tidepool.control;

/**
 * How long the requests of a worker took, counted in fixed buckets, so that those of several
 * workers add up. Bucket 0 is up to 64 microseconds, each further one ends a quarter of an octave
 * (19 %) later, the last one has no end.
 *
 * <pre>
 *  0           8           16                 512
 *  | bucket 0  | bucket 1  | ... (i64)        |
 * </pre>
 */
public final class LatencyHistogram {
  public static final int BUCKETS = 64;
  static final int SIZE = BUCKETS * Long.BYTES;

  private static final double FIRST_NANOS = 64_000;
  private static final long[] ENDS = new long[BUCKETS];

  static {
    for (int bucket = 0; bucket < BUCKETS - 1; bucket++) {
      ENDS[bucket] = Math.round(FIRST_NANOS * Math.pow(2, bucket / 4.0));
    }
    ENDS[BUCKETS - 1] = Long.MAX_VALUE;
  }

  private final Cells cells;

  LatencyHistogram(Cells cells) {
    this.cells = cells;
  }

  /** The longest time that this bucket counts, in nanoseconds; Long.MAX_VALUE for the last. */
  public static long endNanos(int bucket) {
    return ENDS[bucket];
  }

  /** Counts one request; any thread. */
  public void add(long nanos) {
    int bucket = 0;
    while (nanos > ENDS[bucket]) { // most end in the first few
      bucket++;
    }
    cells.addLong(bucket * Long.BYTES, 1);
  }

  /** All counts since the worker started, one for each bucket. */
  public long[] counts() {
    long[] counts = new long[BUCKETS];
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      counts[bucket] = cells.getLong(bucket * Long.BYTES);
    }
    return counts;
  }

  /**
   * The time that this part of the counted requests took at most, in nanoseconds: the end of its
   * bucket. 0 if there are none.
   */
  public static long quantileNanos(long[] counts, double part) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    if (all == 0) {
      return 0;
    }
    long wanted = Math.max(1, (long) Math.ceil(all * part));
    int bucket = 0;
    for (long below = counts[0]; below < wanted; below += counts[bucket]) {
      bucket++;
    }
    return ENDS[bucket];
  }
}
