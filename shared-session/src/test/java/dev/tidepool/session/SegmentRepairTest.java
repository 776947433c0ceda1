package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A change is cut after it was committed, and the repair is cut as well, at each of its steps. The
 * cut is an exception here, which leaves behind in the files what a death does.
 */
class SegmentRepairTest {
  private static final byte[] FROM = Stores.key(1);
  private static final byte[] TO = Stores.key(2);

  @TempDir Path directory;

  private StoreProbe.@Nullable Point cutAt;
  private ChronicleSessionStore store;

  @BeforeEach
  void open() {
    // Small enough for a single segment: both parts of a move are repaired by one look.
    StoreSettings settings = Stores.settings(directory, 200);
    store = ChronicleSessionStore.open(settings, () -> 0, this::at);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest
  @MethodSource("stepsOfARepair")
  void aMoveIsFinishedOnce(StoreProbe.Point repairCut) {
    store.update(FROM, old -> Stores.value(1, 100));
    cut(
        StoreProbe.Point.JOURNAL_COMMITTED,
        () -> store.move(FROM, TO, old -> Stores.value(2, 300)));
    cut(repairCut, () -> store.get(TO));
    assertThat(store.get(FROM)).isNull();
    assertThat(store.get(TO)).isEqualTo(Stores.value(2, 300));
    assertThat(store.statistics().sessions()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("stepsOfARepair")
  void aRemovalIsFinished(StoreProbe.Point repairCut) {
    store.update(FROM, old -> Stores.value(1, 100));
    cut(StoreProbe.Point.JOURNAL_COMMITTED, () -> store.update(FROM, old -> null));
    cut(repairCut, () -> store.get(TO));
    assertThat(store.get(FROM)).isNull();
  }

  @ParameterizedTest
  @MethodSource("stepsOfARepair")
  void aValueThatWasHalfWrittenIsFinished(StoreProbe.Point repairCut) {
    store.update(FROM, old -> Stores.value(1, 100));
    cut(StoreProbe.Point.HALF_WRITTEN, () -> store.update(FROM, old -> Stores.value(2, 100)));
    cut(repairCut, () -> store.get(TO));
    assertThat(store.get(FROM)).isEqualTo(Stores.value(2, 100));
  }

  @ParameterizedTest
  @MethodSource("stepsOfARepair")
  void aNewSessionIsThere(StoreProbe.Point repairCut) {
    cut(StoreProbe.Point.JOURNAL_COMMITTED, () -> store.update(FROM, old -> Stores.value(1, 100)));
    cut(repairCut, () -> store.get(TO));
    assertThat(store.get(FROM)).isEqualTo(Stores.value(1, 100));
  }

  static Set<StoreProbe.Point> stepsOfARepair() {
    return EnumSet.range(StoreProbe.Point.REPAIR_STARTED, StoreProbe.Point.REPLAY_CLEARED);
  }

  private void cut(StoreProbe.Point point, Runnable operation) {
    cutAt = point;
    assertThatThrownBy(operation::run).isInstanceOf(Cut.class);
    assertThat(cutAt).isNull();
  }

  private void at(StoreProbe.Point point) {
    if (point == cutAt) {
      cutAt = null;
      throw new Cut();
    }
  }

  private static final class Cut extends RuntimeException {}
}
