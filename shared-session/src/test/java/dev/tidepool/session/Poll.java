package dev.tidepool.session;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for something to come true. */
final class Poll {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Poll() {}

  static void until(BooleanSupplier condition) {
    long since = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - since > LIMIT_NANOS) {
        throw new AssertionError("not within 30 s");
      }
      pause();
    }
  }

  static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
  }
}
