package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose young collections count, with fake processes and a clock moved by hand. */
class YoungWatchTest {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Duration RAN = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private FakePool pool;

  @BeforeEach
  void oneWorker() throws IOException {
    pool =
        new FakePool(
            directory, "workers.count = 1", "workers.spares = 0", "young-generation.window = 30 s");
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  /** Serves, and had worked for 10 s when it began to. */
  private FakeProcess serving() {
    FakeProcess process = pool.start().up(pool.process(0)).process(0);
    pool.ran(process, Duration.ofSeconds(10), 100, Duration.ofSeconds(5));
    pool.pass(Duration.ofSeconds(1));
    return process;
  }

  private long nextMebibytes() {
    int before = pool.launched.size();
    pool.exit(pool.process(before - 1), 137).pass(Duration.ofMinutes(1));
    return pool.youngSizes.get(before).bytes() >> 20;
  }

  @Test
  void theNextWorkerHasMoreAndStatusKnowsWhy() {
    FakeProcess process = serving();
    pool.ran(process, RAN, 200, Duration.ofMillis(5600)).pass(WINDOW);
    assertThat(nextMebibytes()).isEqualTo(16);
    assertThat(pool.worker(pool.process(1)).young().why())
        .as("0.6 s of 10 s since it serves")
        .isEqualTo("grown from 8 MiB: 6.0 % of time in young collections");
  }

  @Test
  void whatItDidBeforeItServedDoesNotCount() {
    FakeProcess process = serving();
    pool.ran(process, RAN, 200, Duration.ofMillis(5100)).pass(WINDOW);
    assertThat(nextMebibytes()).isEqualTo(8);
  }

  @Test
  void eachWindowCountsForItself() {
    FakeProcess process = serving();
    pool.pass(WINDOW);
    pool.ran(process, RAN, 200, Duration.ofMillis(5900)).pass(WINDOW.dividedBy(2));
    pool.ran(process, RAN.plusSeconds(1), 210, Duration.ofMillis(5900)).pass(WINDOW);
    assertThat(nextMebibytes()).isEqualTo(16);
  }
}
