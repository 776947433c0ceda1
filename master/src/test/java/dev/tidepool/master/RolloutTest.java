package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.WorkerState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reload as a transaction, with fake processes and a clock moved by hand. */
class RolloutTest {
  private static final Duration WATCH = Duration.ofSeconds(2);

  @TempDir private Path directory;
  private FakePool pool;

  @BeforeEach
  void start() throws IOException {
    pool = new FakePool(directory, "workers.count = 2", "workers.spares = 0");
    pool.start().up(pool.process(0), pool.process(1)).pass(Duration.ofSeconds(60));
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  @Test
  void allNewOnesServeBeforeTheFirstOldOneStops() {
    pool.reload().prepared(4).warm(pool.process(2));
    assertThat(pool.process(2).was(MasterMessage.Serve.class)).isFalse();
    pool.warm(pool.process(3)).serve(pool.process(2));
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isFalse();
    pool.serve(pool.process(3));
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isTrue();
    assertThat(pool.process(1).was(MasterMessage.Drain.class)).isTrue();
  }

  @Test
  void theCompilersOfNewOnesGiveWayAsLongAsOldOnesTakeRequests() {
    pool.set("workers.compile-nice = 10");
    pool.set("drain.ramp = 5 s");
    pool.reload().prepared(4).up(pool.process(2), pool.process(3));
    FakeProcess fresh = pool.process(2);
    assertThat(List.of(fresh.nice, fresh.compilersNice)).containsExactly(0, 10);
    assertThat(pool.process(0).compilersNice).isEqualTo(0);
    pool.pass(Duration.ofSeconds(5));
    assertThat(fresh.compilersNice).as("after the ramp").isEqualTo(0);
    pool.drain(pool.process(0)).drain(pool.process(1)).pass(WATCH);
    pool.reload().prepared(6).up(pool.process(4), pool.process(5));
    assertThat(pool.process(4).compilersNice).isEqualTo(10);
    pool.drain(pool.process(2)).drain(pool.process(3));
    assertThat(pool.process(4).compilersNice).as("nobody else serves").isEqualTo(0);
  }

  @Test
  void theVerdictComesAfterDrainAndWatch() {
    pool.reload().prepared(4).up(pool.process(2), pool.process(3));
    pool.drain(pool.process(0)).drain(pool.process(1));
    assertThat(pool.verdicts()).isZero();
    pool.pass(WATCH);
    Verdict verdict = pool.verdict();
    assertThat(verdict.done()).isTrue();
    assertThat(verdict.text())
        .contains("generation 2", "pids 102 103", "6 connections drained, 2 cut");
  }

  @Test
  void aBrokenConfigurationChangesNothing() {
    pool.preparations.add("workers.count=x");
    Verdict verdict = pool.reload().verdict();
    assertThat(verdict.done()).isFalse();
    assertThat(verdict.text()).contains("workers.count=x");
    assertThat(pool.launched).hasSize(2);
  }

  @Test
  void aNewWorkerThatDiesWhileWarmingEndsTheReload() {
    pool.reload().prepared(4).warm(pool.process(2)).exit(pool.process(3), 137);
    Verdict verdict = pool.verdict();
    assertThat(verdict.done()).isFalse();
    assertThat(verdict.text()).contains("pid=103", "signal 9", "generation 1 serves on");
    assertThat(pool.process(2).was(MasterMessage.Stop.class)).isTrue();
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isFalse();
  }

  @Test
  void aNewWorkerThatNeverGetsReadyEndsTheReload() {
    pool.reload().prepared(4).warm(pool.process(2)).pass(Duration.ofSeconds(60));
    pool.exit(pool.process(3), 137);
    assertThat(pool.verdict().text()).contains("not ready after 60000 ms");
  }

  @Test
  void failureHalfWayThroughTheSwitchKeepsTheOldOnes() {
    pool.reload().prepared(4).warm(pool.process(2)).warm(pool.process(3)).serve(pool.process(2));
    pool.exit(pool.process(3), 139);
    assertThat(pool.verdict().done()).isFalse();
    assertThat(pool.process(2).was(MasterMessage.Drain.class)).isTrue();
    assertThat(pool.worker(pool.process(0)).state()).isEqualTo(WorkerState.SERVING);
    assertThat(pool.worker(pool.process(1)).state()).isEqualTo(WorkerState.SERVING);
  }

  @Test
  void aDeathInTheWatchBringsBackTheOldGeneration() {
    pool.reload().prepared(4).up(pool.process(2), pool.process(3));
    pool.drain(pool.process(0)).drain(pool.process(1)).exit(pool.process(2), 139);
    assertThat(pool.launched).hasSize(6);
    FakeProcess back = pool.process(4);
    assertThat(pool.worker(back).generation().number()).isEqualTo(1);
    pool.up(pool.process(4), pool.process(5));
    assertThat(pool.process(3).was(MasterMessage.Drain.class)).isTrue();
    pool.drain(pool.process(3)).pass(WATCH);
    Verdict verdict = pool.verdict();
    assertThat(verdict.done()).isFalse();
    assertThat(verdict.text()).contains("rolled back", "pid=102", "signal 11");
    pool.exit(back, 137);
    assertThat(pool.worker(pool.process(6)).generation().number()).isEqualTo(1);
  }

  @Test
  void anOldWorkerThatDiesDuringAReloadIsReplacedByItsOwnKind() {
    pool.reload().prepared(4).exit(pool.process(0), 137);
    assertThat(pool.launched).hasSize(5);
    assertThat(pool.worker(pool.process(4)).generation().number()).isEqualTo(1);
  }

  @Test
  void reloadsAskedForDuringAReloadBecomeOneMoreAndEndTheWatch() {
    pool.reload().prepared(4).up(pool.process(2), pool.process(3));
    pool.reload().reload();
    pool.drain(pool.process(0)).drain(pool.process(1));
    assertThat(pool.verdict().done()).isTrue();
    pool.prepared(6).up(pool.process(4), pool.process(5));
    pool.drain(pool.process(2)).drain(pool.process(3)).pass(WATCH);
    assertThat(pool.verdict().text()).contains("generation 3");
    assertThat(pool.verdict().text()).contains("generation 3");
    assertThat(pool.launched).hasSize(6);
  }

  @Test
  void surgeBringsUpAFewAtATime() {
    pool.set("reload.surge = 1");
    pool.reload().prepared(3);
    assertThat(pool.launched).hasSize(3);
    pool.up(pool.process(2));
    assertThat(pool.process(0).was(MasterMessage.Drain.class)).isTrue();
    assertThat(pool.launched).hasSize(3);
    pool.drain(pool.process(0));
    assertThat(pool.launched).hasSize(4);
    pool.up(pool.process(3)).drain(pool.process(1)).pass(WATCH);
    assertThat(pool.verdict().done()).isTrue();
  }

  @Test
  void surgeThatFailsHalfWayGoesBack() {
    pool.set("reload.surge = 1");
    pool.reload().prepared(3).up(pool.process(2)).drain(pool.process(0));
    pool.exit(pool.process(3), 137);
    FakeProcess back = pool.process(4);
    assertThat(pool.worker(back).generation().number()).isEqualTo(1);
    pool.up(back).drain(pool.process(2)).pass(WATCH);
    assertThat(pool.verdict().text()).contains("rolled back");
    assertThat(pool.worker(pool.process(1)).state()).isEqualTo(WorkerState.SERVING);
  }

  @Test
  void aConfiguredCountThatChangesWinsOverScale() {
    pool.scale(3).up(pool.process(2));
    pool.reload().prepared(6).up(pool.process(3), pool.process(4), pool.process(5));
    for (int old = 0; old < 3; old++) {
      pool.drain(pool.process(old));
    }
    assertThat(pool.pass(WATCH).verdict().done()).isTrue();
    assertThat(pool.supervisor.pool().slots()).hasSize(3);
    pool.set("workers.count = 1");
    pool.reload().prepared(7).up(pool.process(6));
    assertThat(pool.supervisor.pool().slots()).hasSize(1);
    for (int old = 3; old < 6; old++) {
      pool.drain(pool.process(old));
    }
    assertThat(pool.pass(WATCH).verdict().done()).isTrue();
  }

  @Test
  void aStopGivesTheReloadUnderWayUp() {
    pool.reload().prepared(4);
    pool.supervisor.stop(false, "test");
    assertThat(pool.verdict().text()).contains("the master stops");
  }
}
