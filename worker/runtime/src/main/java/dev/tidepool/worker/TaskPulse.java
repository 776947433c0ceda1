package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/**
 * Tells a task pool that is stuck from one that is full of slow requests. It lives if a thread is
 * free, if a task has ended since the last look, or if any of its threads can go on by itself:
 * runs, reads from a socket, sleeps. A pool whose threads all wait for others, without a limit, and
 * do not move, gives no sign of life. By one thread.
 */
final class TaskPulse {
  private final WorkerRecord record;
  private final ActiveRequests requests;
  private final TaskPool pool;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long endedBefore;
  private long movesBefore;

  TaskPulse(WorkerRecord record, ActiveRequests requests, TaskPool pool) {
    this.record = record;
    this.requests = requests;
    this.pool = pool;
  }

  void look(long now) {
    record.busyTasks(pool.busy());
    record.queuedTasks(pool.queued());
    long ended = requests.tasksEnded();
    if (pool.hasFreeThread() || ended != endedBefore || goesOn()) {
      record.taskHeartbeatNanos(now);
    }
    endedBefore = ended;
  }

  /** Only asked when all threads are busy and none has ended a request's task: it is not free. */
  private boolean goesOn() {
    long moves = 0;
    boolean byItself = false;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(TaskThreads.NAMES)) {
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
