package dev.tidepool.worker;

import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a thread of the task pool, and the threads that wait for something to do. Unlike
 * in the JDK's queues the thread that became idle last is woken first, whose stack and buffers are
 * in the caches still, and no other one until it is there: short tasks are done by few threads,
 * which find the next one without sleep.
 */
final class TaskQueue extends AbstractQueue<Runnable> implements BlockingQueue<Runnable> {

  private static final class Idle {
    final Thread thread = Thread.currentThread();
    volatile boolean woken;

    /** Until it is woken or interrupted, or at most until {@link System#nanoTime} says so. */
    void sleep(long deadline) {
      long left = deadline - System.nanoTime();
      while (!woken && left > 0 && !thread.isInterrupted()) {
        LockSupport.parkNanos(this, left);
        left = deadline - System.nanoTime();
      }
    }
  }

  private final int limit;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final ArrayDeque<Idle> idle = new ArrayDeque<>();

  /** A thread was woken and has not come yet; until it has, no other one is. */
  private boolean waking;

  /**
   * A queue.
   *
   * @param limit tasks that may wait for busy threads; 0 or more
   */
  TaskQueue(int limit) {
    this.limit = limit;
  }

  /** False if it is full. */
  @Override
  public boolean offer(Runnable task) {
    Idle next;
    synchronized (this) {
      if (tasks.size() >= limit + idle.size() + (waking ? 1 : 0)) {
        return false;
      }
      tasks.addLast(task);
      next = next();
    }
    wake(next);
    return true;
  }

  @Override
  public @Nullable Runnable poll() {
    Runnable task;
    Idle next;
    synchronized (this) {
      task = tasks.pollFirst();
      next = next();
    }
    wake(next);
    return task;
  }

  @Override
  public @Nullable Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
    long deadline = System.nanoTime() + unit.toNanos(timeout);
    var me = new Idle();
    boolean listed = false;
    while (true) {
      Runnable task;
      Idle next;
      synchronized (this) {
        if (listed && !idle.removeLastOccurrence(me)) {
          waking = false; // it was me
        }
        task = tasks.pollFirst();
        next = next();
        if (task == null) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          if (deadline - System.nanoTime() <= 0) {
            return null;
          }
          me.woken = false;
          idle.addLast(me);
          listed = true;
        }
      }
      if (task != null) {
        wake(next);
        return task;
      }
      me.sleep(deadline);
    }
  }

  @Override
  public Runnable take() throws InterruptedException {
    while (true) {
      Runnable task = poll(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      if (task != null) {
        return task;
      }
    }
  }

  /** The thread that is to be woken, if any. Under the lock; it is woken outside of that. */
  private @Nullable Idle next() {
    if (waking || tasks.isEmpty() || idle.isEmpty()) {
      return null;
    }
    waking = true;
    return idle.removeLast();
  }

  private static void wake(@Nullable Idle next) {
    if (next != null) {
      next.woken = true;
      LockSupport.unpark(next.thread);
    }
  }

  /** As {@link #offer(Runnable)}: a pool refuses what finds no room. */
  @Override
  public boolean offer(Runnable task, long timeout, TimeUnit unit) {
    return offer(task);
  }

  /**
   * As {@link #add}.
   *
   * @throws IllegalStateException if it is full
   */
  @Override
  public void put(Runnable task) {
    add(task);
  }

  @Override
  public synchronized @Nullable Runnable peek() {
    return tasks.peekFirst();
  }

  @Override
  public synchronized int size() {
    return tasks.size();
  }

  @Override
  public synchronized int remainingCapacity() {
    return Math.max(0, limit - tasks.size());
  }

  @Override
  public synchronized boolean remove(Object task) {
    return tasks.remove(task);
  }

  @Override
  public int drainTo(Collection<? super Runnable> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public synchronized int drainTo(Collection<? super Runnable> target, int most) {
    int count = Math.min(most, tasks.size());
    for (int i = 0; i < count; i++) {
      target.add(tasks.removeFirst());
    }
    return count;
  }

  /** As of now; what it removes from is a copy. */
  @Override
  public synchronized Iterator<Runnable> iterator() {
    return List.copyOf(tasks).iterator();
  }
}
