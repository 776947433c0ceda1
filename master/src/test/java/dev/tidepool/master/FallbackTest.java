package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generation that keeps dying after its verdict, with fake processes and a clock by hand. */
class FallbackTest {
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
            "workers.restart-delay = 10 ms",
            "workers.restart-delay-max = 10 ms");
    pool.start().up(pool.process(0), pool.process(1)).pass(Duration.ofMinutes(1));
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  /** Brings the next generation into service, in the place of the last two workers. */
  private void reload() {
    int from = pool.launched.size();
    pool.reload().prepared(from + 2).up(pool.process(from), pool.process(from + 1));
    pool.drain(pool.process(from - 2)).drain(pool.process(from - 1)).pass(WATCH);
    assertThat(pool.verdict().done()).isTrue();
  }

  /** The worker in this slot dies after it served for a while, and a new one comes up. */
  private void dies(int slot, Duration served) {
    pool.pass(served).exit(inSlot(slot), 42);
    pool.pass(Duration.ofSeconds(1));
    if (pool.supervisor.pool().slots().get(slot).worker() != null
        && !pool.supervisor.reloads().underWay()) {
      pool.up(inSlot(slot));
    }
  }

  private FakeProcess inSlot(int slot) {
    Worker worker = pool.supervisor.pool().slots().get(slot).worker();
    if (worker == null) {
      throw new IllegalStateException("slot " + slot + " is empty");
    }
    return pool.process(worker.process().pid() - 100);
  }

  private void keepsDying() {
    for (int death = 0; death < 5; death++) {
      dies(death % 2, Duration.ofSeconds(1));
    }
  }

  private void waitForTheWayBack() {
    pool.eventually(
        () ->
            pool.supervisor.pool().all().stream().filter(w -> w.generation().number() == 1).count()
                == 2);
    int from = pool.launched.size() - 2;
    pool.up(pool.process(from), pool.process(from + 1));
  }

  private void oldOnesEnd() {
    for (Worker worker : pool.supervisor.pool().all()) {
      if (worker.leaving() != null) {
        pool.exit(pool.process(worker.process().pid() - 100), 0);
      }
    }
    pool.pass(WATCH);
    assertThat(pool.supervisor.reloads().underWay()).isFalse();
  }

  private int current() {
    Generation current = pool.supervisor.reloads().current();
    return current == null ? 0 : current.number();
  }

  @Test
  void aNewGenerationThatKeepsDyingMakesRoomForTheLastGoodOne() {
    reload();
    keepsDying();
    waitForTheWayBack();
    assertThat(current()).isEqualTo(1);
    assertThat(pool.supervisor.reloads().fallback())
        .contains("generation 2 keeps dying: 5 workers in 2 places died within")
        .contains("none had served for 10000 ms; fell back to generation 1");
  }

  @Test
  void theLastGoodOneIsNotGivenUpInTurn() {
    reload();
    keepsDying();
    waitForTheWayBack();
    oldOnesEnd();
    keepsDying();
    keepsDying();
    assertThat(current()).isEqualTo(1);
    assertThat(pool.supervisor.reloads().underWay()).isFalse();
  }

  @Test
  void deathsInOnePlaceOnlyAreNoReason() {
    reload();
    for (int death = 0; death < 10; death++) {
      dies(0, Duration.ofMillis(100));
    }
    assertThat(pool.supervisor.reloads().fallback()).isNull();
  }

  @Test
  void deathsOfWorkersThatHadServedAreNoReason() {
    reload();
    for (int death = 0; death < 10; death++) {
      dies(death % 2, Duration.ofSeconds(11));
    }
    assertThat(pool.supervisor.reloads().fallback()).isNull();
  }

  @Test
  void deathsFarFromEachOtherAreNoReason() {
    reload();
    for (int death = 0; death < 10; death++) {
      int slot = death % 2;
      dies(slot, Duration.ofSeconds(1));
      pool.pass(Duration.ofSeconds(20));
    }
    assertThat(pool.supervisor.reloads().fallback()).isNull();
  }

  @Test
  void aGenerationThatHasProvedItselfIsNotGivenUp() {
    reload();
    pool.pass(Duration.ofMinutes(11));
    for (int death = 0; death < 3; death++) {
      dies(0, Duration.ofSeconds(1));
      dies(1, Duration.ofSeconds(1));
    }
    assertThat(pool.supervisor.reloads().fallback()).isNull();
  }

  @Test
  void theFirstGenerationHasNothingToFallBackTo() {
    keepsDying();
    keepsDying();
    assertThat(current()).isEqualTo(1);
    assertThat(pool.supervisor.reloads().underWay()).isFalse();
  }

  @Test
  void aReloadThatSucceedsEndsTheFallback() {
    reload();
    keepsDying();
    waitForTheWayBack();
    oldOnesEnd();
    reload();
    assertThat(current()).isEqualTo(3);
    assertThat(pool.supervisor.reloads().fallback()).isNull();
  }
}
