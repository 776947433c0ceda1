package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Stores#value} n expires at 1,000,000 + n. */
class ExpirySweepTest {
  private static final long NOW = 1_000_100;
  @TempDir Path directory;
  private ChronicleSessionStore store;
  private ExpirySweep sweep;
  private final List<String> ended = new ArrayList<>();

  @BeforeEach
  void open() {
    store = Stores.open(directory.resolve("store"), 4000);
    sweep = new ExpirySweep(store);
    sweep.register("app", session -> ended.add(SessionKey.id(session.key())));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      byte[] value = Stores.value(i, 50);
      store.update(Stores.key(i), old -> value);
    }
  }

  @Test
  void endsWhatIsDueAndNothingElse() {
    fill(300);

    assertThat(sweep.tick(NOW)).isEqualTo(101);

    assertThat(ended).hasSize(101).doesNotHaveDuplicates().contains("session-100");
    assertThat(store.statistics().sessions()).isEqualTo(199);
    assertThat(store.statistics().expired()).isEqualTo(101);
    assertThat(sweep.tick(NOW)).isZero();
  }

  @Test
  void entersNoSegmentBeforeItsTime() {
    fill(300);
    sweep.tick(999_999);
    long hits = store.statistics().lockWaits();
    store.guard(0).enter(); // whoever enters now would wait for ever
    try {
      assertThat(sweep.tick(1_000_000 - 1)).isZero();
    } finally {
      store.guard(0).exit();
    }
    assertThat(store.statistics().lockWaits()).isEqualTo(hits);
  }

  @Test
  void leavesTheOnesThatWereUsedMeanwhile() {
    fill(1);
    store.update(Stores.key(0), old -> Stores.value(500, 50));

    assertThat(sweep.tick(NOW)).isZero();

    assertThat(store.get(Stores.key(0))).isNotNull();
  }

  @Test
  void endsAgainWhatADeadWorkerHadClaimed() throws Exception {
    fill(1);
    Path claimed = directory.resolve("claimed");
    Process worker =
        Children.start(
            ExpirySweepTest.class,
            directory.resolve("log"),
            directory.resolve("store").toString(),
            claimed.toString());
    try {
      Poll.until(() -> Files.exists(claimed));
      assertThat(sweep.tick(NOW)).as("another sweeps").isZero();
      assertThat(store.get(Stores.key(0))).isNotNull();

      worker.destroyForcibly().waitFor();

      assertThat(sweep.tick(NOW)).isEqualTo(1);
      assertThat(ended).containsExactly("session-0");
      assertThat(store.statistics().sessions()).isZero();
    } finally {
      worker.destroyForcibly();
    }
  }

  /** Claims what is due and hangs in the listener. */
  public static void main(String[] args) throws Exception {
    ExpirySweep sweep = new ExpirySweep(Stores.open(Path.of(args[0]), 4000));
    sweep.register(
        "app",
        session -> {
          try {
            Files.createFile(Path.of(args[1]));
            Thread.currentThread().join();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    while (true) {
      sweep.tick(NOW);
      Poll.pause();
    }
  }

  @Test
  void putsTheTotalRight() {
    fill(10);
    store.memory().set(StoreLayout.SESSIONS_AT, 77);

    sweep.tick(0);

    assertThat(store.memory().get(StoreLayout.SESSIONS_AT)).isEqualTo(10);
  }
}
