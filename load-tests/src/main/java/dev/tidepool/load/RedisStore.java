package dev.tidepool.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import redis.clients.jedis.Jedis;

/**
 * Redis through Jedis over its Unix socket. Lettuce, the other client in use, reaches half as much
 * when it is called like this, one command after the other.
 */
final class RedisStore implements TestedStore {
  private final Path socket;

  RedisStore(Path socket) {
    this.socket = socket;
  }

  @Override
  public StoreClient client() {
    var jedis = new Jedis(() -> connect(socket));
    return new StoreClient() {
      private final SessionIds ids = new SessionIds();
      private byte[] key = ids.key(0);

      @Override
      public void select(int session) {
        key = ids.key(session);
      }

      @Override
      public byte[] get() {
        return jedis.get(key);
      }

      @Override
      public void put(byte[] value) {
        jedis.set(key, value);
      }

      @Override
      public void close() {
        jedis.close();
      }
    };
  }

  private static UnixSocket connect(Path socket) {
    try {
      return UnixSocket.connect(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
