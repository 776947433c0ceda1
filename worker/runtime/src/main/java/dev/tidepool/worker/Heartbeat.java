package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/**
 * Shows on the scoreboard that threads live: the oldest sign of life of the I/O threads, and that
 * of the task pool. Siblings rely on it, so a tick is a store and never waits.
 */
final class Heartbeat {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  /** Work of a tick, on the I/O thread with this number. */
  interface Tick {
    void tick(XnioIoThread thread, int number, long now);
  }

  private final List<XnioIoThread> threads;
  private final XnioWorker tasks;
  private final WorkerRecord record;
  private final Duration interval;
  private final Tick tick;
  private final AtomicLongArray beats;
  private final AtomicBoolean taskWaits = new AtomicBoolean();

  Heartbeat(HttpFront front, WorkerRecord record, Duration interval, Tick tick) {
    this.threads = front.threads;
    this.tasks = front.worker;
    this.record = record;
    this.interval = interval;
    this.tick = tick;
    long now = System.nanoTime();
    long[] first = new long[threads.size()];
    Arrays.fill(first, now);
    this.beats = new AtomicLongArray(first);
    record.heartbeatNanos(now);
    record.taskHeartbeatNanos(now);
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
    beats.set(number, now);
    long oldest = now;
    for (int i = 0; i < beats.length(); i++) {
      oldest = Math.min(oldest, beats.get(i));
    }
    record.heartbeatNanos(oldest);
    if (number == 0) {
      beatOfTasks();
    }
    tick.tick(threads.get(number), number, now);
  }

  /** At most one beat waits in the task pool's queue, however long that is. */
  private void beatOfTasks() {
    if (!taskWaits.compareAndSet(false, true)) {
      return;
    }
    try {
      tasks.execute(
          () -> {
            record.taskHeartbeatNanos(System.nanoTime());
            taskWaits.set(false);
          });
    } catch (RejectedExecutionException e) {
      taskWaits.set(false); // shutting down
    }
  }
}
