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

/** When workers are recycled, and in which order, with fake processes and a clock moved by hand. */
class RecyclingTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private FakePool pool;

  @BeforeEach
  void twoSlots() throws IOException {
    pool =
        new FakePool(
            directory,
            "workers.count = 2",
            "workers.spares = 0",
            "recycle.requests = 100",
            "recycle.memory = 300 MiB");
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  private FakePool serving() {
    return pool.start().up(pool.process(0), pool.process(1)).pass(INTERVAL);
  }

  private boolean drains(int process) {
    return pool.process(process).was(MasterMessage.Drain.class);
  }

  @Test
  void theNewOneServesBeforeTheOldOneDrains() {
    serving().served(pool.process(0), 100).pass(INTERVAL);
    assertThat(pool.launched).hasSize(3);
    pool.warm(pool.process(2));
    assertThat(pool.process(2).told).contains(new MasterMessage.Serve(0));
    assertThat(drains(0)).isFalse();
    pool.serve(pool.process(2));
    assertThat(drains(0)).isTrue();
    assertThat(drains(1)).isFalse();
    pool.drain(pool.process(0)).pass(INTERVAL);
    assertThat(pool.launched).hasSize(3);
    assertThat(pool.supervisor.recycling().count()).isEqualTo(1);
  }

  @Test
  void aWarmSpareTakesThePlaceAtOnce() {
    pool.set("workers.spares = 1");
    serving().warm(pool.process(2));
    pool.served(pool.process(1), 100).pass(INTERVAL);
    assertThat(pool.process(2).told).contains(new MasterMessage.Serve(1));
    assertThat(drains(1)).isFalse();
    pool.serve(pool.process(2));
    assertThat(drains(1)).isTrue();
  }

  @Test
  void aSpareThatStillStartsIsWaitedFor() {
    pool.set("workers.spares = 1");
    serving().served(pool.process(1), 100).pass(INTERVAL);
    assertThat(pool.launched).hasSize(3);
    pool.warm(pool.process(2)).pass(INTERVAL);
    assertThat(pool.process(2).told).contains(new MasterMessage.Serve(1));
  }

  @Test
  void oneAtATimeAndOverMemoryFirst() {
    serving().served(pool.process(0), 100).grows(pool.process(1), 301).pass(INTERVAL);
    pool.up(pool.process(2)).pass(INTERVAL);
    assertThat(drains(1)).isTrue();
    assertThat(drains(0)).isFalse();
    assertThat(pool.launched).hasSize(3);
    pool.drain(pool.process(1)).pass(INTERVAL);
    assertThat(pool.launched).hasSize(4);
    pool.up(pool.process(3));
    assertThat(drains(0)).isTrue();
  }

  @Test
  void thoseThatStartedTogetherDoNotEndTogether() {
    pool.set("recycle.lifetime = 100 m");
    pool.set("recycle.jitter = 0.5");
    serving();
    int minutes = 0;
    while (pool.launched.size() == 2 && minutes < 100) {
      pool.pass(Duration.ofMinutes(1));
      minutes++;
    }
    assertThat(minutes).isBetween(50, 99);
    pool.up(pool.process(2));
    pool.drain(pool.process(drains(0) ? 0 : 1)).pass(Duration.ofMinutes(1));
    assertThat(pool.launched).as("the other one has more time").hasSize(3);
    pool.pass(Duration.ofMinutes(50));
    assertThat(pool.launched).hasSizeGreaterThan(3);
  }

  @Test
  void nothingIsRecycledDuringAReload() {
    serving().reload().prepared(4);
    pool.served(pool.process(0), 100).grows(pool.process(1), 301).pass(INTERVAL);
    assertThat(pool.launched).hasSize(4);
  }

  @Test
  void aReloadWithdrawsTheOneThatIsOnItsWay() {
    serving().served(pool.process(0), 100).pass(INTERVAL).hello(pool.process(2));
    pool.reload();
    assertThat(pool.process(2).was(MasterMessage.Stop.class)).isTrue();
    assertThat(drains(0)).isFalse();
  }

  @Test
  void anOldOneThatDiesMeanwhileIsReplacedByTheOneThatIsOnItsWay() {
    serving().served(pool.process(0), 100).pass(INTERVAL).exit(pool.process(0), 137);
    assertThat(pool.launched).hasSize(3);
    pool.up(pool.process(2)).pass(INTERVAL);
    assertThat(pool.worker(pool.process(2)).slot()).isZero();
    assertThat(pool.launched).hasSize(3);
  }

  @Test
  void theOneOnItsWayIsWithdrawnIfASpareTookThePlaceOfAnOldOneThatDied() {
    pool.set("workers.spares = 1");
    serving().warm(pool.process(2));
    pool.served(pool.process(1), 100).pass(INTERVAL).warm(pool.process(3));
    pool.exit(pool.process(1), 137);
    assertThat(pool.process(3).told).contains(new MasterMessage.Serve(1));
    pool.serve(pool.process(3)).serve(pool.process(2)).pass(INTERVAL);
    assertThat(drains(2)).isTrue();
    assertThat(drains(3)).isFalse();
    assertThat(pool.supervisor.recycling().count()).isZero();
  }

  @Test
  void aNewOneThatDiesLeavesTheOldOneInItsPlaceAndIsTriedAgainMoreSlowly() {
    serving().served(pool.process(0), 100).pass(INTERVAL).exit(pool.process(2), 134);
    assertThat(drains(0)).isFalse();
    pool.pass(INTERVAL).exit(pool.process(3), 134);
    for (int look = 0; look < 10; look++) {
      pool.pass(INTERVAL);
      if (pool.launched.size() > 4 + look) {
        pool.exit(pool.process(4 + look), 134);
      }
    }
    assertThat(pool.launched).as("of 12 looks").hasSizeBetween(7, 11);
    assertThat(drains(0)).isFalse();
  }

  @Test
  void aLimitBelowWhatAWorkerNeedsDoesNotKeepThePoolBusy() {
    pool.set("workers.restart-delay = 1 m");
    pool.set("workers.restart-delay-max = 10 m");
    serving().grows(pool.process(0), 301).pass(INTERVAL);
    pool.grows(pool.process(2), 301).up(pool.process(2));
    pool.drain(pool.process(0)).pass(INTERVAL);
    pool.grows(pool.process(3), 301).up(pool.process(3));
    pool.drain(pool.process(2)).pass(Duration.ofSeconds(50));
    assertThat(pool.launched).hasSize(4);
    pool.pass(Duration.ofSeconds(10));
    assertThat(pool.launched).hasSize(5);
  }
}
