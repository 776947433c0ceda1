package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.WorkerState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload with a canary, with fake processes and a clock moved by hand. */
class CanaryTest {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final Duration WATCH = Duration.ofSeconds(2);

  @TempDir private Path directory;
  private FakePool pool;

  @BeforeEach
  void start() throws IOException {
    pool =
        new FakePool(
            directory,
            "workers.count = 2",
            "workers.spares = 0",
            "reload.canary.share = 0.2",
            "reload.canary.requests = 100",
            "reload.canary.limit = 5 m");
    pool.start().up(pool.process(0), pool.process(1)).pass(Duration.ofSeconds(60));
    pool.answers(pool.process(0), 5000, 4000); // long before
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  /** One worker of generation 2 serves beside the two old ones. */
  private FakeProcess canary() {
    pool.reload().prepared(3).up(pool.process(2));
    assertThat(pool.launched).hasSize(3);
    assertThat(state(2)).isEqualTo(WorkerState.SERVING);
    return pool.process(2);
  }

  private WorkerState state(int process) {
    return pool.worker(pool.process(process)).state();
  }

  private void oldOnesServe() {
    assertThat(state(0)).isEqualTo(WorkerState.SERVING);
    assertThat(state(1)).isEqualTo(WorkerState.SERVING);
  }

  @Test
  void theOthersFollowAGoodCanaryAndAllServeBeforeTheFirstOldOneStops() {
    pool.answers(canary(), 150, 0).answers(pool.process(0), 300, 0).pass(TIME);
    assertThat(pool.launched).hasSize(4);
    oldOnesServe();
    pool.warm(pool.process(3));
    oldOnesServe();
    pool.serve(pool.process(3));
    pool.drain(pool.process(0)).drain(pool.process(1)).pass(WATCH);
    Verdict verdict = pool.verdict();
    assertThat(verdict.done()).isTrue();
    assertThat(verdict.text())
        .contains("generation 2 serves", "pids 102 103")
        .contains("new: 150 requests, 0.00 % errors", "old: 300 requests, 0.00 % errors", "50 MiB");
  }

  @Test
  void errorsEndItWellBeforeItsTime() {
    pool.answers(canary(), 10, 10).answers(pool.process(1), 50, 0).pass(LOOK);
    Verdict verdict = pool.verdict();
    assertThat(verdict.done()).isFalse();
    assertThat(verdict.text())
        .contains("10 errors in 10 requests, the old one 0 in 50", "generation 1 serves on")
        .contains("new: 10 requests, 100.00 % errors", "old: 50 requests, 0.00 % errors");
    assertThat(pool.process(2).was(MasterMessage.Drain.class)).isTrue();
    assertThat(pool.launched).hasSize(3);
    oldOnesServe();
  }

  @Test
  void withoutTrafficItWaitsAndIsRolledBackAtTheLimit() {
    pool.answers(canary(), 99, 0).pass(TIME);
    assertThat(pool.verdicts()).isZero();
    pool.pass(Duration.ofMinutes(5));
    assertThat(pool.verdict().text()).contains("99 requests of reload.canary.requests = 100");
    oldOnesServe();
  }

  @Test
  void aFurtherReloadTakesItsPlace() {
    canary();
    pool.reload();
    assertThat(pool.verdict().text()).contains("given up for a further reload");
    assertThat(pool.process(2).was(MasterMessage.Drain.class)).isTrue();
    pool.prepared(4).up(pool.process(3));
    assertThat(pool.worker(pool.process(3)).generation().number()).isEqualTo(3);
    oldOnesServe();
  }

  @Test
  void aCanaryThatDiesIsRolledBack() {
    pool.exit(canary(), 139);
    assertThat(pool.verdict().text()).contains("pid=102 gen=2 died", "signal 11");
    oldOnesServe();
  }

  @Test
  void aCanaryThatDiesWhileTheOthersComeUpIsRolledBack() {
    pool.answers(canary(), 150, 0).pass(TIME).hello(pool.process(3));
    pool.exit(pool.process(2), 139);
    assertThat(pool.verdict().done()).isFalse();
    assertThat(pool.process(3).was(MasterMessage.Stop.class)).isTrue();
    oldOnesServe();
  }

  @Test
  void aCanaryThatIsStoppedIsRolledBack() {
    FakeProcess canary = canary();
    pool.beat(pool.process(0)).beat(pool.process(1)).beat(canary).kernelSays(canary, 'T');
    pool.pass(LOOK).pass(LOOK).beat(pool.process(0)).beat(pool.process(1));
    pool.pass(Duration.ofMillis(100));
    assertThat(pool.verdict().text()).contains("pid=102 gen=2 serves no more");
    oldOnesServe();
  }

  @Test
  void oldWorkersThatComeAndGoAreCounted() {
    pool.answers(canary(), 150, 0).answers(pool.process(0), 40, 4).exit(pool.process(0), 137);
    pool.up(pool.process(3)).answers(pool.process(3), 60, 6).pass(TIME);
    assertThat(pool.worker(pool.process(3)).generation().number()).isEqualTo(1);
    pool.up(pool.process(4)).drain(pool.process(3)).drain(pool.process(1)).pass(WATCH);
    assertThat(pool.verdict().text()).contains("old: 100 requests, 10.00 % errors");
  }

  @Test
  void afterACanarySurgeGoesOnAFewAtATime() {
    pool.set("reload.surge = 1");
    pool.answers(canary(), 150, 0).pass(TIME);
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isTrue();
    pool.drain(pool.process(0)).up(pool.process(3)).drain(pool.process(1)).pass(WATCH);
    assertThat(pool.verdict().done()).isTrue();
  }

  @Test
  void afterADrainOfAllThereIsNothingToCompareWith() {
    pool.supervisor.pool().leave(false, "test", 0);
    pool.drain(pool.process(0)).drain(pool.process(1));
    pool.reload().prepared(4).up(pool.process(2), pool.process(3)).pass(WATCH);
    assertThat(pool.verdict().done()).isTrue();
  }
}
