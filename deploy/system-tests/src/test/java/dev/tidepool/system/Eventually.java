package dev.tidepool.system;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Polls to a deadline, instead of sleeping and hoping. */
final class Eventually {
  private static final long POLL_NANOS = MILLISECONDS.toNanos(50);

  private Eventually() {}

  /** An assertion, which may fail until its time has come. */
  interface Check {
    void run() throws Exception;
  }

  /** Something to wait for; null or an exception means not yet. */
  interface Source<T> {
    @Nullable T get() throws Exception;
  }

  /** Repeats {@code check} until it passes, or fails as it did when the time was over. */
  static void eventually(Duration limit, Check check) {
    until(
        limit,
        () -> {
          check.run();
          return true;
        });
  }

  /** Repeats {@code source} until it yields something. */
  static <T> T until(Duration limit, Source<T> source) {
    long deadline = System.nanoTime() + limit.toNanos();
    Throwable last = null;
    do {
      try {
        T value = source.get();
        if (value != null) {
          return value;
        }
      } catch (Exception | AssertionError e) {
        last = e;
      }
      LockSupport.parkNanos(POLL_NANOS);
    } while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted());
    throw new AssertionError(
        "not within " + limit + (last == null ? "" : ": " + last.getMessage()), last);
  }
}
