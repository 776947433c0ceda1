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
