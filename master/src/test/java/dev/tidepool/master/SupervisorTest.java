package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policy of the supervision loop, with fake processes and a clock moved by hand. */
class SupervisorTest {
  @TempDir private Path directory;
  private FakePool pool;

  @BeforeEach
  void twoSlotsNoSpare() throws IOException {
    pool = new FakePool(directory, "workers.count = 2", "workers.spares = 0");
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  private FakePool serving() {
    pool.start();
    return pool.up(pool.process(0), pool.process(1)).pass(Duration.ofSeconds(60));
  }

  @Test
  void servesOnlyWhenAllOfTheFirstGenerationAreWarm() {
    pool.start().warm(pool.process(0));
    assertThat(pool.process(0).was(MasterMessage.Serve.class)).isFalse();
    pool.warm(pool.process(1));
    assertThat(pool.process(0).was(MasterMessage.Serve.class)).isTrue();
    assertThat(pool.process(1).was(MasterMessage.Serve.class)).isTrue();
  }

  @Test
  void bindsAWorkerToTheCoreOfTheSlotThatItTakes() throws IOException {
    pool.close();
    pool = new FakePool(directory, "workers.spares = 1", "workers.cpu-affinity=auto");
    pool.start().up(pool.process(0), pool.process(1)).warm(pool.process(2));
    assertThat(pool.launched).extracting(p -> p.boundTo).containsExactly(0, 1, -1);
    pool.exit(pool.process(1), 137);
    assertThat(pool.process(2).boundTo).isEqualTo(1);
  }

  @Test
  void replacesADeadWorkerAtOnceAndThenEverMoreSlowly() {
    serving();
    pool.exit(pool.process(0), 137);
    assertThat(pool.launched).hasSize(3);
    pool.exit(pool.process(2), 137);
    assertThat(pool.launched).hasSize(3);
    pool.pass(Duration.ofMillis(99));
    assertThat(pool.launched).hasSize(3);
    pool.pass(Duration.ofMillis(1));
    assertThat(pool.launched).hasSize(4);
    pool.exit(pool.process(3), 137).pass(Duration.ofMillis(199));
    assertThat(pool.launched).hasSize(4);
    pool.pass(Duration.ofMillis(1));
    assertThat(pool.launched).hasSize(5);
  }

  @Test
  void tellsSiblingsOfADeathSoThatTheyEmptyItsMailbox() {
    serving();
    int record = pool.worker(pool.process(0)).record();
    pool.exit(pool.process(0), 137);
    assertThat(pool.process(1).told).contains(new MasterMessage.SiblingGone(record));
  }

  @Test
  void killsAWorkerThatNeverGetsReady() {
    serving();
    pool.exit(pool.process(0), 137).pass(Duration.ofSeconds(59));
    assertThat(pool.process(2).signals).isEmpty();
    pool.pass(Duration.ofSeconds(1));
    assertThat(pool.process(2).signals).containsExactly(Signal.KILL);
  }

  @Test
  void asksThenTermsThenKillsAWorkerThatDoesNotEnd() {
    serving();
    pool.supervisor.stop(true, "test");
    pool.settle();
    assertThat(pool.process(0).was(MasterMessage.Stop.class)).isTrue();
    pool.pass(Duration.ofSeconds(10));
    assertThat(pool.process(0).signals).containsExactly(Signal.TERM);
    pool.pass(Duration.ofSeconds(10));
    assertThat(pool.process(0).signals).containsExactly(Signal.TERM, Signal.KILL);
    pool.exit(pool.process(0), 137).exit(pool.process(1), 137);
    assertThat(pool.running()).isFalse();
  }

  @Test
  void blamesNobodyForTheTimeInWhichItWasStoppedItself() {
    serving();
    pool.exit(pool.process(0), 137).sleep(Duration.ofHours(1));
    assertThat(pool.process(2).signals).isEmpty();
    pool.pass(Duration.ofSeconds(60));
    assertThat(pool.process(2).signals).containsExactly(Signal.KILL);
  }

  @Test
  void keepsEvidenceOfASpareThatDiesBeforeItSaysThatItServes() throws IOException {
    pool.set("workers.spares = 1");
    pool.start().up(pool.process(0), pool.process(1));
    FakeProcess spare = pool.process(2);
    pool.warm(spare).exit(pool.process(1), 137);
    assertThat(spare.was(MasterMessage.Serve.class)).isTrue();
    pool.exit(spare, 137);
    assertThat(directory.resolve("incidents"))
        .isDirectoryContaining(report -> report.toString().endsWith("-pid" + spare.pid()));
  }

  @Test
  void aSpareTakesThePlaceOfADeadWorkerAndIsReplaced() {
    pool.set("workers.spares = 1");
    pool.start().up(pool.process(0), pool.process(1));
    FakeProcess spare = pool.process(2);
    pool.warm(spare).pass(Duration.ofSeconds(60));
    assertThat(Pool.role(pool.worker(spare))).isEqualTo("spare");
    pool.exit(pool.process(1), 137);
    assertThat(spare.told).contains(new MasterMessage.Serve(1));
    assertThat(pool.launched).as("the place is taken first").hasSize(3);
    pool.serve(spare);
    assertThat(pool.launched).hasSize(4);
    assertThat(Pool.role(pool.worker(pool.process(3)))).isEqualTo("spare");
    FakeProcess next = pool.process(3);
    pool.warm(next).exit(spare, 137);
    assertThat(next.told).as("no back-off").contains(new MasterMessage.Serve(1));
  }

  @Test
  void takesThePlaceOfAWorkerThatRunsNoMoreBeforeItsExitIsKnown() {
    pool.set("workers.spares = 1");
    pool.start().up(pool.process(0), pool.process(1)).warm(pool.process(2));
    FakeProcess spare = pool.process(2);
    pool.end(pool.process(1));
    assertThat(spare.told).contains(new MasterMessage.Serve(1));
    assertThat(pool.process(0).was(MasterMessage.SiblingGone.class)).isTrue();
    assertThat(Pool.role(pool.worker(pool.process(1)))).isEqualTo("leaving");
    pool.serve(spare).exit(pool.process(1), 137);
    FakeProcess next = pool.process(3);
    assertThat(Pool.role(pool.worker(next))).isEqualTo("spare");
    pool.warm(next).end(spare).serve(next).exit(spare, 137);
    assertThat(pool.launched).as("the second early death in the slot").hasSize(4);
    pool.pass(Duration.ofMillis(100));
    assertThat(pool.launched).hasSize(5);
  }

  @Test
  void startsNobodyForAWorkerThatRunsNoMoreUntilItsExitSaysWhy() {
    serving().end(pool.process(0));
    assertThat(pool.launched).hasSize(2);
    pool.exit(pool.process(0), 137);
    assertThat(pool.launched).hasSize(3);
  }

  @Test
  void aSpareThatIsWarmFirstTakesThePlaceThatAnotherStartsFor() {
    pool.set("workers.spares = 1");
    pool.start().up(pool.process(0), pool.process(1)).pass(Duration.ofSeconds(30));
    FakeProcess spare = pool.process(2);
    pool.hello(spare).exit(pool.process(1), 137);
    FakeProcess respawn = pool.process(3);
    pool.hello(respawn);
    assertThat(Pool.role(pool.worker(respawn))).isEqualTo("slot");
    pool.warm(spare);
    assertThat(spare.told).contains(new MasterMessage.Serve(1));
    pool.serve(spare).warm(respawn);
    assertThat(Pool.role(pool.worker(respawn))).isEqualTo("spare");
    assertThat(respawn.was(MasterMessage.Serve.class)).isFalse();
    assertThat(pool.launched).hasSize(4);
  }

  @Test
  void givesWayToThoseThatServeUnlessAnEmptySlotWaits() {
    pool.set("workers.nice = 2");
    pool.set("workers.start-nice = 7");
    pool.set("workers.spares = 1");
    pool.start().hello(pool.process(0));
    assertThat(pool.process(0).nice).as("nobody serves").isEqualTo(2);
    pool.up(pool.process(0), pool.process(1));
    FakeProcess spare = pool.process(2);
    assertThat(spare.nice).as("nice(1) is not through").isEqualTo(0);
    pool.hello(spare);
    assertThat(spare.nice).isEqualTo(9);
    pool.exit(pool.process(1), 137).pass(Duration.ofSeconds(30));
    FakeProcess awaited = pool.process(3);
    pool.hello(awaited);
    assertThat(awaited.nice).isEqualTo(2);
    pool.warm(spare);
    assertThat(spare.nice).isEqualTo(2);
    assertThat(awaited.nice).as("a spare now").isEqualTo(9);
    pool.serve(spare).scale(1).drained(spare);
    assertThat(spare.nice).as("it ends").isEqualTo(9);
  }

  @Test
  void scalesDownByDrainingTheHighestSlotAndUpAgain() {
    serving();
    pool.scale(1);
    assertThat(pool.process(1).was(MasterMessage.Drain.class)).isTrue();
    assertThat(pool.worker(pool.process(1)).state()).isEqualTo(WorkerState.DRAINING);
    pool.drain(pool.process(1));
    assertThat(pool.launched).hasSize(2);
    pool.scale(3);
    assertThat(pool.launched).hasSize(4);
  }

  @Test
  void repeatsItsOrdersToAWorkerThatDialsAgain() {
    serving();
    FakeProcess worker = pool.process(1);
    pool.scale(1);
    worker.told.clear();
    pool.supervisor.enqueue(
        s ->
            s.hello(
                worker,
                new dev.tidepool.control.WorkerMessage.Hello(
                    worker.pid(),
                    worker.startTicks(),
                    1,
                    1,
                    1,
                    WorkerState.SERVING,
                    java.util.List.of())));
    pool.settle();
    assertThat(worker.was(MasterMessage.Drain.class)).isTrue();
  }

  @Test
  void sendsAStrangerAway() {
    serving();
    FakeProcess stranger = new FakeProcess(9999);
    pool.hello(stranger);
    assertThat(stranger.was(MasterMessage.Drain.class)).isTrue();
    assertThat(stranger.was(MasterMessage.Welcome.class)).isFalse();
  }

  @Test
  void givesUpAFirstGenerationThatCannotServe() {
    pool.start().hello(pool.process(0)).failed(pool.process(0), "no database");
    assertThat(pool.process(1).was(MasterMessage.Stop.class))
        .isFalse(); // not connected: TERM it is
    pool.exit(pool.process(1), 143);
    assertThat(pool.running()).isFalse();
  }

  @Test
  void triesAFirstGenerationThatDiesWithoutAWordThreeTimes() {
    pool.start();
    for (int death = 0; death < 2; death++) {
      pool.exit(pool.process(pool.launched.size() - 1), 134);
      assertThat(pool.running()).isTrue();
    }
    assertThat(pool.launched).hasSize(4);
    pool.exit(pool.process(3), 134).exit(pool.process(0), 143);
    assertThat(pool.running()).isFalse();
  }
}
