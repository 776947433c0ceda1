package dev.tidepool.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one log line a second through and counts the others. Any thread. */
final class LogLimit {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final AtomicInteger unlogged = new AtomicInteger();

  /** How many were held back since the last one, or -1 if this one is to be held back. */
  int pass() {
    long now = System.nanoTime();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
      return unlogged.getAndSet(0);
    }
    unlogged.incrementAndGet();
    return -1;
  }
}
