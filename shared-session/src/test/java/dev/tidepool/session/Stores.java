package dev.tidepool.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32;

/** Small stores, keys, and values that know whether they are torn. */
final class Stores {
  static final int MAXIMUM = 2048;

  private Stores() {}

  static ChronicleSessionStore open(Path directory, long capacity) {
    return ChronicleSessionStore.open(settings(directory, capacity), () -> 0);
  }

  static StoreSettings settings(Path directory, long capacity) {
    return settings(directory, capacity, StoreSettings.WhenFull.REFUSE);
  }

  static StoreSettings settings(Path directory, long capacity, StoreSettings.WhenFull whenFull) {
    return settings(directory, capacity, whenFull, "run");
  }

  /** Of a later run of the pool. */
  static StoreSettings nextRun(Path directory, long capacity) {
    return settings(directory, capacity, StoreSettings.WhenFull.REFUSE, "next run");
  }

  private static StoreSettings settings(
      Path directory, long capacity, StoreSettings.WhenFull whenFull, String run) {
    return new StoreSettings(
        directory, "test", run, capacity, 128, MAXIMUM, false, whenFull, Duration.ofSeconds(5));
  }

  static StoreSettings persistent(Path directory, long capacity) {
    return new StoreSettings(
        directory,
        "test",
        "run",
        capacity,
        128,
        MAXIMUM,
        true,
        StoreSettings.WhenFull.REFUSE,
        Duration.ofSeconds(5));
  }

  static byte[] key(int n) {
    return SessionKey.of("app", "session-" + n);
  }

  /** Deadline 1,000,000 + n, then checksum, n, and {@code bytes} that follow from n. */
  static byte[] value(long n, int bytes) {
    ByteBuffer value =
        ByteBuffer.allocate(StoredValue.HEADER_BYTES + 16 + bytes).order(ByteOrder.nativeOrder());
    value.putLong(1_000_000 + n).putLong(0).putLong(0).putLong(n);
    while (value.remaining() > 0) {
      value.put((byte) (n + value.position()));
    }
    return value.putLong(StoredValue.HEADER_BYTES, checksum(value.array())).array();
  }

  /** What {@link #value} was given for a value of this length. */
  static int bytesToFill(byte[] value) {
    return value.length - StoredValue.HEADER_BYTES - 16;
  }

  /** The n of a value, or -1 if it is torn. */
  static long number(byte[] value) {
    ByteBuffer buffer = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    return buffer.getLong(StoredValue.HEADER_BYTES) == checksum(value)
        ? buffer.getLong(StoredValue.HEADER_BYTES + 8)
        : -1;
  }

  private static long checksum(byte[] value) {
    CRC32 crc = new CRC32();
    int from = StoredValue.HEADER_BYTES + 8;
    crc.update(value, from, value.length - from);
    return crc.getValue();
  }
}
