package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.util.concurrent.ConcurrentHashMap;

/** What one JVM alone does: sessions by their id on the heap, gone with the process. */
final class HashMapStore implements TestedStore {
  private final ConcurrentHashMap<String, byte[]> map;

  HashMapStore(SessionSize size) {
    map = new ConcurrentHashMap<>(size.sessions() * 2);
  }

  @Override
  public StoreClient client() {
    return new StoreClient() {
      private final SessionIds ids = new SessionIds();
      private String key = "";

      @Override
      public void select(int session) {
        key = new String(ids.key(session), ISO_8859_1);
      }

      @Override
      public byte[] get() {
        return requireNonNull(map.get(key)).clone();
      }

      @Override
      public void put(byte[] value) {
        map.put(key, value.clone());
      }
    };
  }
}
