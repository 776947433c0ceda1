package dev.tidepool.worker;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A virtual thread for each request that blocks, up to a limit; from Java 21 on. */
final class VirtualTasks extends AbstractExecutorService {
  private final ExecutorService threads = virtualThreads();
  private final Semaphore free;

  VirtualTasks(int limit) {
    free = new Semaphore(limit);
  }

  private static ExecutorService virtualThreads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "workers.virtual-threads needs Java 21 or later, workers.java-home is Java "
              + Runtime.version().feature(),
          e);
    }
  }

  @Override
  public void execute(Runnable task) {
    if (!free.tryAcquire()) {
      throw new RejectedExecutionException("as many tasks as workers.task-queue allows");
    }
    boolean started = false;
    try {
      threads.execute(
          () -> {
            try {
              task.run();
            } finally {
              free.release();
            }
          });
      started = true;
    } finally {
      if (!started) {
        free.release();
      }
    }
  }

  @Override
  public void shutdown() {
    threads.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return threads.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return threads.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return threads.isTerminated();
  }

  @Override
  public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
    return threads.awaitTermination(time, unit);
  }
}
