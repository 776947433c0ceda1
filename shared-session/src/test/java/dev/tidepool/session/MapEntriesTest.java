package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is read and written past Chronicle must be what Chronicle reads and writes. */
class MapEntriesTest {
  private static final int LONGEST = 20_000;

  private final StoreSettings settings =
      new StoreSettings(
          Path.of("/"),
          "",
          "",
          500,
          2_000,
          LONGEST,
          false,
          StoreSettings.WhenFull.REFUSE,
          Duration.ofSeconds(1));
  private final MapSegments map = MapSegments.inMemory(settings, 1);
  private final Random random = new Random(1);

  @AfterEach
  void close() {
    map.close();
  }

  @Test
  void agreesWithChronicleOnEveryLength() {
    Map<String, byte[]> expected = new HashMap<>();
    for (int length : new int[] {16, 127, 128, 129, 2_000, 16_383, 16_384, LONGEST}) {
      for (int idLength : new int[] {8, 40, 112, 123, 124, 128}) {
        String id = (length + "-".repeat(idLength)).substring(0, idLength);
        map.put(key(id), value(length), StoreProbe.NONE);
        byte[] overwritten = value(length);
        map.put(key(id), overwritten, StoreProbe.NONE);
        expected.put(id, overwritten);
      }
    }
    expected.forEach((id, value) -> assertThat(map.get(key(id))).isEqualTo(value));
    Map<String, byte[]> seen = new HashMap<>();
    map.visit(
        0,
        entry -> {
          assertThat(entry.isIntact()).as(SessionKey.id(entry.key())).isTrue();
          seen.put(SessionKey.id(entry.key()), entry.value());
          return true;
        });
    assertThat(seen).containsOnlyKeys(expected.keySet());
    seen.forEach((id, value) -> assertThat(value).isEqualTo(expected.get(id)));
  }

  @Test
  void doesNotFindWhatIsNotThere() {
    for (int i = 0; i < 400; i++) {
      map.put(key("session-" + i), value(100), StoreProbe.NONE);
    }
    for (int i = 0; i < 400; i += 2) {
      map.remove(key("session-" + i));
    }
    for (int i = 0; i < 500; i++) {
      boolean stored = i < 400 && i % 2 == 1;
      assertThat(map.get(key("session-" + i)) != null).as("session-" + i).isEqualTo(stored);
    }
  }

  @Test
  void aWriteThatIsCutIsSeenByItsChecksum() {
    map.put(key("session-1"), value(100), StoreProbe.NONE);
    var cut = new IllegalStateException("cut");
    try {
      map.put(
          key("session-1"),
          value(100),
          point -> {
            throw cut;
          });
    } catch (IllegalStateException e) {
      assertThat(e).isSameAs(cut);
    }
    map.visit(
        0,
        entry -> {
          assertThat(entry.isIntact()).isFalse();
          return true;
        });
    map.recover(0, found -> {});
    assertThat(map.get(key("session-1"))).isNull();
  }

  private static byte[] key(String id) {
    return SessionKey.of("app", id);
  }

  private byte[] value(int length) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }
}
