package dev.tidepool.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of this process that wait for a session: in order of arrival for each session, without a
 * thread of their own. One thread waits for all of them, asleep while there are none; it hears of
 * every release in any process, and looks every few milliseconds whether a holder has died.
 */
final class RequestLockQueue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RequestLockQueue.class);
  private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final RequestLock locks;
  private final AtomicLong requests = new AtomicLong();
  private final Map<ByteBuffer, Deque<Waiter>> queues = new LinkedHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  RequestLockQueue(RequestLock locks) {
    this.locks = locks;
    this.thread = new Thread(this::run, "session-locks");
    thread.setDaemon(true);
    thread.start();
  }

  /** A request that is told, on the queue's thread, how its waiting ended. */
  interface Outcome {
    void granted();

    void refused(String why);
  }

  private static final class Waiter {
    final byte[] key;
    final long request;
    final long deadlineNanos;
    final Outcome outcome;
    RequestLock.@Nullable Holder holder;

    Waiter(byte[] key, long request, long deadlineNanos, Outcome outcome) {
      this.key = key;
      this.request = request;
      this.deadlineNanos = deadlineNanos;
      this.outcome = outcome;
    }
  }

  long nextRequest() {
    return requests.incrementAndGet();
  }

  /** Takes the lock if it is free and no request of this process waits for it. */
  boolean tryAcquire(byte[] key, long request) {
    synchronized (queues) {
      if (queues.containsKey(ByteBuffer.wrap(key))) {
        return false;
      }
    }
    return locks.tryAcquire(key, request, OwnerWord.NOBODY) == null;
  }

  void release(byte[] key, long request) {
    locks.release(key, request);
  }

  /** Waits for the lock without a thread; see {@link RequestLockSettings}. */
  void await(byte[] key, long request, RequestLockSettings settings, Outcome outcome) {
    long deadline = System.nanoTime() + settings.limit().toNanos();
    boolean full;
    synchronized (queues) {
      Deque<Waiter> queue = queues.computeIfAbsent(ByteBuffer.wrap(key), k -> new ArrayDeque<>());
      full = queue.size() >= settings.waiters();
      if (!full) {
        queue.add(new Waiter(key, request, deadline, outcome));
      } else if (queue.isEmpty()) {
        queues.remove(ByteBuffer.wrap(key));
      }
    }
    if (full) {
      outcome.refused(settings.waiters() + " requests wait for the same session already");
    }
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(); // it must not touch the store any more when that is unmapped
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        int seen = locks.releases();
        if (look()) {
          locks.awaitRelease(seen, NOTICE_NANOS);
        } else {
          LockSupport.park(this);
        }
      } catch (RuntimeException e) {
        log.error("waiting for session locks failed, going on", e);
        LockSupport.parkNanos(NOTICE_NANOS);
      }
    }
  }

  /** Grants and refuses what it can. Returns false if nobody waits. */
  private boolean look() {
    List<Waiter> heads = new ArrayList<>();
    synchronized (queues) {
      queues.values().forEach(queue -> heads.add(queue.getFirst()));
    }
    Map<Long, Boolean> alive = new HashMap<>();
    for (Waiter waiter : heads) {
      if (acquire(waiter, alive)) {
        remove(waiter);
        waiter.outcome.granted();
      }
    }
    refuseOverdue(System.nanoTime());
    synchronized (queues) {
      return !queues.isEmpty();
    }
  }

  private boolean acquire(Waiter waiter, Map<Long, Boolean> alive) {
    waiter.holder = locks.tryAcquire(waiter.key, waiter.request, OwnerWord.NOBODY);
    if (waiter.holder == null) {
      return true;
    }
    long owner = waiter.holder.owner();
    if (owner != OwnerWord.NOBODY && !alive.computeIfAbsent(owner, OwnerWord::alive)) {
      log.warn(
          "a request that held a session has died with pid {}, the next goes on",
          OwnerWord.pid(owner));
      waiter.holder = locks.tryAcquire(waiter.key, waiter.request, owner);
    }
    return waiter.holder == null;
  }

  private void refuseOverdue(long now) {
    List<Waiter> overdue = new ArrayList<>();
    RequestLock.@Nullable Holder holder = null;
    synchronized (queues) {
      for (Deque<Waiter> queue : queues.values()) {
        for (Waiter waiter : queue) {
          if (now - waiter.deadlineNanos > 0) {
            waiter.holder = queue.getFirst().holder;
            overdue.add(waiter);
          }
        }
      }
    }
    for (Waiter waiter : overdue) {
      remove(waiter);
      holder = waiter.holder;
      waiter.outcome.refused("the session is " + (holder == null ? "in use" : holder.describe()));
    }
  }

  private void remove(Waiter waiter) {
    synchronized (queues) {
      Iterator<Map.Entry<ByteBuffer, Deque<Waiter>>> all = queues.entrySet().iterator();
      while (all.hasNext()) {
        Deque<Waiter> queue = all.next().getValue();
        if (queue.remove(waiter) && queue.isEmpty()) {
          all.remove();
        }
      }
    }
  }
}
