package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import org.xnio.management.XnioWorkerMXBean;

/**
 * Tells a task pool that is stuck from one that is full of slow requests. It lives if a thread is
 * free, if a task has ended since the last look, or if any of its threads can go on by itself:
 * runs, reads from a socket, sleeps. A pool whose threads all wait for others, without a limit, and
 * do not move, gives no sign of life. By one thread.
 */
final class TaskPulse {
  private final WorkerRecord record;
  private final ActiveRequests requests;
  private final XnioWorkerMXBean pool;
  private final String threadPrefix;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long endedBefore;
  private long movesBefore;

  /**
   * Has not looked yet.
   *
   * @param threadPrefix what the names of the pool's threads begin with
   */
  TaskPulse(
      WorkerRecord record, ActiveRequests requests, XnioWorkerMXBean pool, String threadPrefix) {
    this.record = record;
    this.requests = requests;
    this.pool = pool;
    this.threadPrefix = threadPrefix;
  }

  void look(long now) {
    int busy = pool.getBusyWorkerThreadCount();
    record.busyTasks(busy);
    record.queuedTasks(pool.getWorkerQueueSize());
    long ended = requests.tasksEnded();
    if (busy < pool.getMaxWorkerPoolSize() || ended != endedBefore || goesOn()) {
      record.taskHeartbeatNanos(now);
    }
    endedBefore = ended;
  }

  /** Only asked when all threads are busy and none has ended a request's task: it is not free. */
  private boolean goesOn() {
    long moves = 0;
    boolean byItself = false;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(threadPrefix)) {
        moves += thread.getBlockedCount() + thread.getWaitedCount();
        byItself |=
            switch (thread.getThreadState()) {
              case NEW, RUNNABLE, TIMED_WAITING -> true;
              case WAITING, BLOCKED, TERMINATED -> false;
            };
      }
    }
    boolean moved = moves != movesBefore;
    movesBefore = moves;
    return byItself || moved;
  }
}
