package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskQueueTest {
  private final BlockingQueue<Integer> took = new LinkedBlockingQueue<>();
  private final List<Thread> takers = new ArrayList<>();
  private volatile boolean over;

  @AfterEach
  void end() throws InterruptedException {
    over = true;
    for (Thread taker : takers) {
      taker.interrupt();
      taker.join(TestPool.PATIENCE.toMillis());
    }
  }

  @Test
  void wakesTheThreadThatBecameIdleLast() throws InterruptedException {
    var queue = new TaskQueue(10);
    for (int i = 0; i < 3; i++) {
      idleTaker(queue, i);
    }
    for (int round = 0; round < 3; round++) {
      queue.add(TaskQueueTest::nothing);
      assertThat(next()).isEqualTo(2);
      awaitIdle(2);
    }
  }

  @Test
  void wakesAnotherOneForWhatIsLeft() throws InterruptedException {
    var queue = new TaskQueue(10);
    for (int i = 0; i < 3; i++) {
      blockingTaker(queue, i);
    }
    for (int i = 0; i < 3; i++) {
      queue.add(TaskQueueTest::nothing);
    }
    assertThat(List.of(next(), next(), next())).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void takesNoMoreThanItsLimitAndWhatIdleThreadsTakeAtOnce() throws InterruptedException {
    assertThat(new TaskQueue(0).offer(TaskQueueTest::nothing)).isFalse();
    var queue = new TaskQueue(2);
    blockingTaker(queue, 0);
    queue.add(TaskQueueTest::nothing);
    assertThat(next()).isEqualTo(0);
    assertThat(queue.offer(TaskQueueTest::nothing)).isTrue();
    assertThat(queue.remainingCapacity()).isEqualTo(1);
    assertThat(queue.offer(TaskQueueTest::nothing)).isTrue();
    assertThat(queue.offer(TaskQueueTest::nothing)).isFalse();

    var none = new TaskQueue(0);
    blockingTaker(none, 1);
    assertThat(none.offer(TaskQueueTest::nothing)).isTrue();
    assertThat(next()).isEqualTo(1);
    assertThat(none.offer(TaskQueueTest::nothing)).isFalse();
  }

  @Test
  void losesNothingToThreadsThatAreInterruptedOrTireOfWaiting() throws InterruptedException {
    var queue = new TaskQueue(1_000_000);
    var done = new AtomicInteger();
    for (int i = 0; i < 4; i++) {
      long nanos = 1L + i * 20_000L;
      start(
          () -> {
            while (!over) {
              try {
                Runnable task = queue.poll(nanos, TimeUnit.NANOSECONDS);
                if (task != null) {
                  task.run();
                }
              } catch (InterruptedException e) {
                Thread.onSpinWait(); // it tries again
              }
            }
          });
    }
    int sent = 0;
    for (int burst = 0; burst < 2_000; burst++) {
      for (int i = 0; i <= burst % 7; i++) {
        queue.add(done::incrementAndGet);
        sent++;
      }
      takers.get(burst % 4).interrupt();
      LockSupport.parkNanos(burst % 5 * 20_000L);
    }
    int all = sent;
    TestPool.eventually("all are done", () -> done.get() == all);
  }

  /** Takes on and on. */
  private void idleTaker(TaskQueue queue, int number) {
    start(
        () -> {
          while (!over) {
            take(queue, number);
          }
        });
    awaitIdle(number);
  }

  /** Takes one task and is busy with it until the end. */
  private void blockingTaker(TaskQueue queue, int number) {
    start(
        () -> {
          take(queue, number);
          while (!over) {
            LockSupport.park();
          }
        });
    awaitIdle(takers.size() - 1);
  }

  private void take(TaskQueue queue, int number) {
    try {
      queue.take();
      took.add(number);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the end
    }
  }

  private int next() throws InterruptedException {
    Integer number = took.poll(TestPool.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(number).as("a task is taken").isNotNull();
    return number;
  }

  private static void nothing() {}

  private void start(Runnable body) {
    var taker = new Thread(body);
    takers.add(taker);
    taker.start();
  }

  private void awaitIdle(int taker) {
    TestPool.eventually("idle", () -> takers.get(taker).getState() == Thread.State.TIMED_WAITING);
  }
}
