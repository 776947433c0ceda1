package dev.tidepool.load;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The limit: a mapped file in which the number of a session is its place. No locks, no look-up, and
 * no use: values tear, and nothing can be added.
 */
final class ArrayStore implements TestedStore {
  /** One mapping holds at most 2 GiB. */
  private static final int PER_MAPPING = 1 << 18;

  private final MappedByteBuffer[] mappings;
  private final int bytes;

  private ArrayStore(MappedByteBuffer[] mappings, int bytes) {
    this.mappings = mappings;
    this.bytes = bytes;
  }

  static ArrayStore open(Path file, SessionSize size) throws IOException {
    var mappings = new MappedByteBuffer[(size.sessions() + PER_MAPPING - 1) / PER_MAPPING];
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (int i = 0; i < mappings.length; i++) {
        long from = (long) i * PER_MAPPING * size.bytes();
        long length = Math.min((long) PER_MAPPING * size.bytes(), size.total() - from);
        mappings[i] = channel.map(FileChannel.MapMode.READ_WRITE, from, length);
      }
    }
    return new ArrayStore(mappings, size.bytes());
  }

  @Override
  public StoreClient client() {
    return new StoreClient() {
      private MappedByteBuffer mapping = mappings[0];
      private int at;

      @Override
      public void select(int session) {
        mapping = mappings[session / PER_MAPPING];
        at = session % PER_MAPPING * bytes;
      }

      @Override
      public byte[] get() {
        byte[] value = new byte[bytes];
        mapping.get(at, value);
        return value;
      }

      @Override
      public void put(byte[] value) {
        mapping.put(at, value);
      }
    };
  }
}
