package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Path;

/** One process's hold on a store that is measured. */
interface TestedStore extends AutoCloseable {
  StoreClient client();

  @Override
  default void close() {}

  /** The stores that are compared, in the order of the table. */
  enum Kind {
    ARRAY("mapped array"),
    HASH_MAP("ConcurrentHashMap"),
    CHRONICLE("Tidepool"),
    REDIS("Redis");

    final String title;

    Kind(String title) {
      this.title = title;
    }

    TestedStore open(Path directory, SessionSize size) throws IOException {
      return switch (this) {
        case ARRAY -> ArrayStore.open(directory.resolve("array"), size);
        case HASH_MAP -> new HashMapStore(size);
        case CHRONICLE -> new ChronicleStore(directory.resolve("tidepool"), size);
        case REDIS -> new RedisStore(RedisServer.socketIn(directory));
      };
    }

    /** False if the store lives in one process, whose threads stand for processes. */
    boolean isShared() {
      return this != HASH_MAP;
    }
  }
}
