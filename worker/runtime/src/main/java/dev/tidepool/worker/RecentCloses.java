package dev.tidepool.worker;

import java.util.concurrent.TimeUnit;

/** Connections closed in the last 200 ms, counted in steps of 25 ms. Any thread. */
final class RecentCloses {
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(25);
  private static final int STEPS = 8;

  private final int[] counts = new int[STEPS];
  private long newest = Long.MIN_VALUE / STEP;
  private int sum;

  synchronized void add(long now) {
    advance(now);
    counts[(int) Math.floorMod(newest, (long) STEPS)]++;
    sum++;
  }

  synchronized int count(long now) {
    advance(now);
    return sum;
  }

  private void advance(long now) {
    long step = Math.floorDiv(now, STEP);
    long gone = Math.min(step - newest, STEPS);
    for (long i = 1; i <= gone; i++) {
      int slot = (int) Math.floorMod(newest + i, (long) STEPS);
      sum -= counts[slot];
      counts[slot] = 0;
    }
    newest = Math.max(newest, step);
  }
}
