package dev.tidepool.worker;

import dev.tidepool.conf.WorkerSettings;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which apps block, with a bounded queue. A thread that waits for its client, to
 * send more or to take more, does not count: up to a limit another one takes its place, so that
 * slow clients do not keep others waiting.
 */
final class TaskThreads extends ThreadPoolExecutor implements ClientWaits {
  /** How the names of the threads begin. */
  static final String NAMES = "http task-";

  private static final long KEEP_ALIVE_SECONDS = 30;

  private final int threads;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();
  private int extra;

  /** Daemon threads, whose context class loader is the caller's. */
  TaskThreads(WorkerSettings settings) {
    super(
        settings.taskThreads(),
        settings.taskThreads(),
        KEEP_ALIVE_SECONDS,
        TimeUnit.SECONDS,
        new TaskQueue(settings.taskQueue()));
    threads = settings.taskThreads();
    maxWaiting = settings.waitingThreads();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    var number = new AtomicInteger();
    setThreadFactory(
        task -> {
          var thread = new Thread(task, NAMES + number.incrementAndGet());
          thread.setDaemon(true);
          thread.setContextClassLoader(loader);
          return thread;
        });
  }

  @Override
  public void begin() {
    if (waiting.incrementAndGet() > extra()) {
      resize(true);
    }
  }

  @Override
  public void end() {
    waiting.decrementAndGet();
  }

  /** Gives back what is not needed any more; to be called now and then. */
  void shrink() {
    if (waiting.get() < extra()) {
      resize(false);
    }
  }

  private synchronized int extra() {
    return extra;
  }

  private synchronized void resize(boolean grow) {
    int wanted = Math.min(waiting.get(), maxWaiting);
    if (wanted > extra && grow) {
      setMaximumPoolSize(threads + wanted);
      setCorePoolSize(threads + wanted); // starts them, if tasks are queued
      extra = wanted;
    } else if (wanted < extra && !grow) {
      setCorePoolSize(threads + wanted);
      setMaximumPoolSize(threads + wanted);
      extra = wanted;
    }
  }

  /** True if tasks are queued while clients keep all threads that may wait for them. */
  boolean starved() {
    return waiting.get() >= maxWaiting && waiting.get() > 0 && !getQueue().isEmpty();
  }
}
