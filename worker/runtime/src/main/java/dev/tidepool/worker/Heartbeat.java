package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/**
 * Shows on the scoreboard that the I/O threads live: the oldest sign of life of them. Siblings rely
 * on it, so a tick is a store and never waits.
 */
final class Heartbeat {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  /** Work of a tick, on the I/O thread with this number. */
  interface Tick {
    void tick(XnioIoThread thread, int number, long now);
  }

  private final List<XnioIoThread> threads;
  private final WorkerRecord record;
  private final Duration interval;
  private final Tick tick;
  private final AtomicLongArray beats;
  private final AtomicLong lag = new AtomicLong();

  Heartbeat(HttpFront front, WorkerRecord record, Duration interval, Tick tick) {
    this.threads = front.threads;
    this.record = record;
    this.interval = interval;
    this.tick = tick;
    long now = System.nanoTime();
    long[] first = new long[threads.size()];
    Arrays.fill(first, now);
    this.beats = new AtomicLongArray(first);
    record.heartbeatNanos(now);
    record.taskHeartbeatNanos(now); // kept fresh by TaskPulse
  }

  void start() {
    for (int i = 0; i < threads.size(); i++) {
      next(i);
    }
  }

  private void next(int number) {
    try {
      threads
          .get(number)
          .executeAfter(() -> beat(number), interval.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("I/O thread {} ends", number);
    }
  }

  private void beat(int number) {
    next(number); // first, so that no failure below stops the heart
    long now = System.nanoTime();
    late(number, now);
    beats.set(number, now);
    long oldest = now;
    for (int i = 0; i < beats.length(); i++) {
      oldest = Math.min(oldest, beats.get(i));
    }
    record.heartbeatNanos(oldest);
    tick.tick(threads.get(number), number, now);
  }

  private void late(int number, long now) {
    lag.accumulateAndGet(now - beats.get(number) - interval.toNanos(), Math::max);
  }

  /** By how much an I/O thread was late at most since this was asked last. */
  long takeLagNanos() {
    return lag.getAndSet(0);
  }
}
