package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.MasterMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of workers without a sign of life; what their processes are is made up. */
class HealthTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofMillis(100);

  @TempDir private Path directory;
  private FakePool pool;

  @BeforeEach
  void twoServe() throws IOException {
    pool = new FakePool(directory, "workers.count = 2", "workers.spares = 0");
    pool.start();
    pool.up(pool.process(0), pool.process(1)).beat(pool.process(0)).beat(pool.process(1));
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  @Test
  void whoBeatsIsLeftAlone() {
    for (int i = 0; i < 50; i++) {
      pool.pass(STEP).beat(pool.process(0)).beat(pool.process(1));
    }
    assertThat(pool.launched).hasSize(2);
  }

  @Test
  void aHungOneIsReplacedAndKilledOnceTheEvidenceIsKept() {
    silent(0, 'S', TIMEOUT.plus(STEP));
    assertThat(pool.launched).as("its place is taken").hasSize(3);
    pool.eventually(() -> !pool.process(0).signals.isEmpty());
    assertThat(pool.process(1).signals).isEmpty();
  }

  @Test
  void aStoppedOneIsReplacedAndDrainedWhenItGoesOn() {
    silent(0, 'T', TIMEOUT.plus(STEP));
    assertThat(pool.launched).hasSize(3);
    pool.up(pool.process(2)).beat(pool.process(0)).beat(pool.process(2)).pass(STEP);
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isTrue();
    assertThat(pool.process(0).signals).isEmpty();
  }

  @Test
  void aStoppedOneIsKilledInTheEnd() {
    silent(0, 'T', Duration.ofMinutes(1).plus(STEP));
    assertThat(pool.process(0).signals).isNotEmpty();
  }

  @Test
  void whenAllAreSilentNobodyIsReplaced() {
    pool.kernelSays(pool.process(0), 'S').kernelSays(pool.process(1), 'S');
    pool.pass(TIMEOUT.multipliedBy(5));
    assertThat(pool.launched).hasSize(2);
    pool.beat(pool.process(0)).beat(pool.process(1)).pass(STEP);
    assertThat(pool.launched).hasSize(2);
  }

  @Test
  void theFirstOfAllToBeOverdueIsNotReplacedEither() {
    pool.kernelSays(pool.process(0), 'T').kernelSays(pool.process(1), 'T');
    pool.pass(STEP).beat(pool.process(1)); // so that the other one is overdue first
    pool.pass(TIMEOUT).pass(STEP).pass(STEP);
    assertThat(pool.launched).hasSize(2);
  }

  @Test
  void theMastersOwnSleepIsNobodysFault() {
    pool.kernelSays(pool.process(0), 'S');
    pool.sleep(TIMEOUT.multipliedBy(5)).beat(pool.process(1)).pass(STEP);
    assertThat(pool.launched).hasSize(2);
    pool.beat(pool.process(1)).pass(TIMEOUT.minus(STEP.multipliedBy(2)));
    pool.beat(pool.process(1)).pass(STEP.multipliedBy(2));
    assertThat(pool.launched).as("but who stays silent is replaced soon").hasSize(3);
  }

  @Test
  void whoGoesOnAfterTheOthersWhenAllWereSilentHasItsTime() {
    pool.kernelSays(pool.process(0), 'R').kernelSays(pool.process(1), 'R');
    pool.pass(TIMEOUT.plus(STEP)).beat(pool.process(1)).pass(STEP);
    assertThat(pool.launched).hasSize(2);
    pool.beat(pool.process(1)).pass(TIMEOUT.minus(STEP.multipliedBy(2)));
    assertThat(pool.launched).hasSize(2);
    pool.beat(pool.process(1)).pass(STEP.multipliedBy(2));
    assertThat(pool.launched).as("but who stays silent is replaced soon").hasSize(3);
  }

  @Test
  void aHungOneIsReplacedThoughTheOtherMissesBeats() {
    silent(0, 'S', TIMEOUT);
    pool.pass(STEP.multipliedBy(8));
    assertThat(pool.launched).as("nobody beats").hasSize(2);
    pool.beat(pool.process(1)).pass(STEP);
    assertThat(pool.launched).hasSize(3);
  }

  @Test
  void aStuckTaskPoolIsReplacedAndDrained() {
    for (int i = 0; i < 22; i++) {
      pool.pass(STEP).beat(pool.process(0)).beat(pool.process(1));
      pool.record(pool.process(0)).taskHeartbeatNanos(Duration.ofHours(1).toNanos());
    }
    pool.pass(STEP);
    assertThat(pool.launched).as("its place is taken").hasSize(3);
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isTrue();
    assertThat(pool.process(0).signals).isEmpty();
  }

  @Test
  void aStoppedOneIsNotTakenForStuck() {
    pool.kernelSays(pool.process(0), 'T');
    // Its task threads gave their last sign of life a little before its I/O threads did.
    pool.record(pool.process(0)).taskHeartbeatNanos(pool.now() - STEP.toNanos());
    for (Duration passed = Duration.ZERO;
        passed.compareTo(TIMEOUT.plus(STEP)) < 0;
        passed = passed.plus(STEP)) {
      pool.pass(STEP).beat(pool.process(1));
    }
    assertThat(pool.launched).as("its place is taken").hasSize(3);
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isFalse();
  }

  @Test
  void thoseThatGoOnAfterAStopAreNotTakenForStuck() {
    pool.kernelSays(pool.process(0), 'T').kernelSays(pool.process(1), 'T');
    pool.pass(STEP);
    for (int i = 0; i < 50; i++) {
      pool.pass(STEP);
    }
    for (FakeProcess each : pool.launched) { // their I/O threads are the first to be back
      long before = pool.record(each).taskHeartbeatNanos();
      pool.beat(each).record(each).taskHeartbeatNanos(before);
    }
    pool.pass(STEP);
    assertThat(pool.launched).hasSize(2);
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isFalse();
  }

  @Test
  void aWorkerWhoseAppFailsItsCheckIsReplaced() {
    failChecks(0);
    assertThat(pool.launched).hasSize(3);
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isTrue();
  }

  @Test
  void whenAllFailTheirCheckNobodyIsReplaced() {
    failChecks(0, 1);
    assertThat(pool.launched).hasSize(2);
  }

  @Test
  void aLimitMustBePassedSeveralTimesInARow() {
    for (int i = 0; i < 40; i++) {
      boolean everySecondLook = i / 10 % 2 == 0;
      pool.record(pool.process(0)).deadlocked(0);
      pool.open(pool.process(0), everySecondLook ? 95 : 10);
      pool.pass(STEP).beat(pool.process(0)).beat(pool.process(1));
    }
    assertThat(pool.launched).hasSize(2);
    for (int i = 0; i < 40; i++) {
      pool.open(pool.process(0), 95);
      pool.pass(STEP).beat(pool.process(0)).beat(pool.process(1));
    }
    assertThat(pool.launched).hasSize(3);
  }

  private void failChecks(int... indices) {
    for (int i = 0; i < 15; i++) {
      for (int index : indices) {
        pool.record(pool.process(index)).failedChecks(3);
      }
      pool.pass(STEP).beat(pool.process(0)).beat(pool.process(1));
    }
  }

  /** The other one beats all the while. */
  private void silent(int index, char process, Duration time) {
    pool.kernelSays(pool.process(index), process);
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      pool.pass(STEP);
      for (int other = 0; other < pool.launched.size(); other++) {
        if (other != index) {
          pool.beat(pool.process(other));
        }
      }
    }
    pool.settle();
  }
}
