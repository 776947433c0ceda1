package dev.tidepool.worker;

import dev.tidepool.conf.WorkerSettings;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Where requests run that block: on pooled threads or on virtual ones. */
final class TaskPool implements ClientWaits {
  final ExecutorService executor;
  private final @Nullable TaskThreads threads;

  TaskPool(WorkerSettings settings) {
    threads = settings.virtualThreads() ? null : new TaskThreads(settings);
    executor = threads == null ? new VirtualTasks(settings.taskQueue()) : threads;
  }

  @Override
  public void begin() {
    if (threads != null) {
      threads.begin();
    }
  }

  @Override
  public void end() {
    if (threads != null) {
      threads.end();
    }
  }

  /** True if a task that comes now finds a thread. */
  boolean hasFreeThread() {
    return threads == null || threads.getActiveCount() < threads.getMaximumPoolSize();
  }

  /** Pooled threads that run a task; virtual ones are not counted. */
  int busy() {
    return threads == null ? 0 : threads.getActiveCount();
  }

  int queued() {
    return threads == null ? 0 : threads.getQueue().size();
  }

  /**
   * Gives back threads that no client keeps waiting any more.
   *
   * @return whether tasks are queued while clients keep all threads that may wait for them
   */
  boolean tendIsStarved() {
    if (threads == null) {
      return false;
    }
    threads.shrink();
    return threads.starved();
  }
}
