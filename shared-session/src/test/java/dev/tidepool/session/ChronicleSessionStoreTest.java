package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleSessionStoreTest {
  @TempDir Path directory;

  @Test
  void readsWhatWasWritten() {
    try (var store = Stores.open(directory, 1000)) {
      byte[] key = Stores.key(1);
      assertThat(store.get(key)).isNull();

      store.update(key, old -> Stores.value(1, 100));

      assertThat(store.get(key)).isEqualTo(Stores.value(1, 100));
      assertThat(store.statistics().sessions()).isEqualTo(1);
      assertThat(store.statistics().hits()).isEqualTo(1);
      assertThat(store.statistics().misses()).isEqualTo(1);
    }
  }

  @Test
  void removesWhatIsReplacedByNothing() {
    try (var store = Stores.open(directory, 1000)) {
      store.update(Stores.key(1), old -> Stores.value(1, 100));

      store.update(Stores.key(1), old -> null);

      assertThat(store.get(Stores.key(1))).isNull();
      assertThat(store.statistics().sessions()).isZero();
      assertThat(store.statistics().bytes()).isZero();
    }
  }

  @Test
  void movesOverSegments() {
    try (var store = Stores.open(directory, 4000)) {
      for (int i = 0; i < 100; i++) {
        byte[] from = Stores.key(i);
        byte[] to = Stores.key(1000 + i);
        byte[] value = Stores.value(i, 100);
        store.update(from, old -> value);

        assertThat(store.move(from, to, old -> old)).isEqualTo(value);

        assertThat(store.get(from)).isNull();
        assertThat(store.get(to)).isEqualTo(value);
      }
      assertThat(store.statistics().sessions()).isEqualTo(100);
    }
  }

  @Test
  void refusesToMoveOntoAnother() {
    try (var store = Stores.open(directory, 1000)) {
      store.update(Stores.key(1), old -> Stores.value(1, 100));
      store.update(Stores.key(2), old -> Stores.value(2, 100));

      assertThatThrownBy(() -> store.move(Stores.key(1), Stores.key(2), old -> old))
          .isInstanceOf(StoreException.class);

      assertThat(store.get(Stores.key(1))).isEqualTo(Stores.value(1, 100));
    }
  }

  @Test
  void refusesNewSessionsWhenFull() {
    try (var store = Stores.open(directory, 100)) {
      int stored = fill(store, 200);

      assertThat(stored).isEqualTo(100);
      assertThat(store.statistics().refused()).isEqualTo(100);
    }
  }

  @Test
  void keepsTheOldValueWhenAGrowingOneFindsNoRoom() {
    try (var store = Stores.open(directory, 100)) {
      fill(store, 100);
      List<Integer> refused = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int n = i;
        try {
          store.update(Stores.key(i), old -> Stores.value(n, Stores.MAXIMUM - 32));
        } catch (StoreFullException e) {
          refused.add(i);
          assertThat(e).hasMessageContaining("has no room");
        }
      }
      assertThat(refused).isNotEmpty();
      for (int i = 0; i < 100; i++) {
        int size = refused.contains(i) ? 100 : Stores.MAXIMUM - 32;
        assertThat(store.get(Stores.key(i))).isEqualTo(Stores.value(i, size));
      }
      assertThat(store.statistics().sessions()).isEqualTo(100);
    }
  }

  @Test
  void refusesAValueLongerThanTheMaximum() {
    try (var store = Stores.open(directory, 100)) {
      assertThatThrownBy(
              () -> store.update(Stores.key(1), old -> Stores.value(1, 2 * Stores.MAXIMUM)))
          .isInstanceOf(StoreFullException.class)
          .hasMessageContaining("at most " + Stores.MAXIMUM);
    }
  }

  @Test
  void evictsTheOldestIfToldTo() {
    var settings = Stores.settings(directory, 100, StoreSettings.WhenFull.EVICT_OLDEST);
    try (var store = ChronicleSessionStore.open(settings, () -> 0)) {
      List<byte[]> evicted = new ArrayList<>();
      store.onEvicted((key, value) -> evicted.add(key));

      int stored = fill(store, 150);

      assertThat(stored).isEqualTo(150);
      assertThat(evicted).hasSize(50);
      assertThat(store.statistics().evicted()).isEqualTo(50);
      assertThat(evicted.stream().map(SessionKey::id).toList())
          .as("the ones that expire first")
          .isEqualTo(Arrays.asList(ids(50)));
    }
  }

  private static String[] ids(int count) {
    String[] ids = new String[count];
    Arrays.setAll(ids, i -> SessionKey.id(Stores.key(i)));
    return ids;
  }

  private static int fill(ChronicleSessionStore store, int count) {
    int stored = 0;
    for (int i = 0; i < count; i++) {
      int n = i;
      try {
        store.update(Stores.key(i), old -> Stores.value(n, 100));
        stored++;
      } catch (StoreFullException e) {
        assertThat(e).hasMessageContaining("capacity of");
      }
    }
    return stored;
  }
}
