package dev.tidepool.worker;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/** How evenly the requests of the last second or so were spread over the workers. */
final class RequestShares {
  /**
   * Part of the newest sample in the average: at ten samples a second it covers about half of one.
   */
  private static final double NEWEST = 0.2;

  /** Fewer requests than this per worker and sample say nothing. */
  private static final double SIGNIFICANT = 2;

  private static final int COLDEST = -2;
  private static final int HOTTEST = 4;

  private final long[] served;
  private final double[] rate;
  private final AtomicIntegerArray heat;

  RequestShares(int records) {
    served = new long[records];
    rate = new double[records];
    heat = new AtomicIntegerArray(records);
  }

  /** By one thread: {@code total} is the number of requests that a record has ever served. */
  void sample(int records, IntPredicate serves, IntToLongFunction total) {
    double sum = 0;
    int serving = 0;
    for (int record = 0; record < records; record++) {
      long now = total.applyAsLong(record);
      long more = Math.max(0, now - served[record]); // a new worker starts from 0
      served[record] = now;
      rate[record] += NEWEST * (more - rate[record]);
      if (serves.test(record)) {
        sum += rate[record];
        serving++;
      }
    }
    double mean = serving == 0 ? 0 : sum / serving;
    for (int record = 0; record < records; record++) {
      heat.setOpaque(record, mean < SIGNIFICANT ? 0 : heatOf(rate[record] / mean));
    }
  }

  /** A share of a fifth more than an even one begins to weigh as a connection. */
  private static int heatOf(double share) {
    return (int) Math.max(COLDEST, Math.min(HOTTEST, Math.round(2.5 * (share - 1))));
  }

  int heat(int record) {
    return heat.getOpaque(record);
  }
}
