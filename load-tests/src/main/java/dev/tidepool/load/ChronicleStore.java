package dev.tidepool.load;

import static java.util.Objects.requireNonNull;

import dev.tidepool.session.ChronicleSessionStore;
import dev.tidepool.session.SessionStore;
import dev.tidepool.session.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;

/** Tidepool's own store. */
final class ChronicleStore implements TestedStore {
  private static final int MAXIMUM_BYTES = 64 << 10;

  private final SessionStore store;

  ChronicleStore(Path directory, SessionSize size) {
    store = ChronicleSessionStore.open(settings(directory, size), () -> 0);
  }

  static StoreSettings settings(Path directory, SessionSize size) {
    return new StoreSettings(
        directory,
        "benchmark",
        "run",
        size.sessions() + size.sessions() / 4, // segments do not fill evenly
        size.bytes(),
        MAXIMUM_BYTES,
        false,
        StoreSettings.WhenFull.REFUSE,
        Duration.ofSeconds(5));
  }

  @Override
  public StoreClient client() {
    return client(store);
  }

  static StoreClient client(SessionStore store) {
    return new StoreClient() {
      private final SessionIds ids = new SessionIds();
      private byte[] key = ids.key(0);

      @Override
      public void select(int session) {
        key = ids.key(session);
      }

      @Override
      public byte[] get() {
        return requireNonNull(store.get(key));
      }

      @Override
      public void put(byte[] value) {
        store.update(key, old -> value);
      }
    };
  }

  @Override
  public void close() {
    store.close();
  }
}
