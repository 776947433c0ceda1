package dev.tidepool.session;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file mapped by all workers: words with the memory effects of {@link VarHandle}, at byte offsets
 * that are multiples of their size, in native byte order.
 */
final class SharedMemory {
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final MappedByteBuffer buffer;
  private final long address;
  private final Posix posix = Posix.get();

  private SharedMemory(MappedByteBuffer buffer) {
    this.buffer = buffer;
    this.address = posix.addressOf(buffer);
  }

  static SharedMemory map(Path file, long length) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
      mapped.order(ByteOrder.nativeOrder());
      return new SharedMemory(mapped);
    }
  }

  long get(int offset) {
    return (long) LONGS.getVolatile(buffer, offset);
  }

  void set(int offset, long value) {
    LONGS.setVolatile(buffer, offset, value);
  }

  /** A read that only the holder of the guard makes, which orders it. */
  long getPlain(int offset) {
    return (long) LONGS.get(buffer, offset);
  }

  /** A write that only the holder of the guard makes, which orders it. */
  void setPlain(int offset, long value) {
    LONGS.set(buffer, offset, value);
  }

  /** Whoever sees this write sees all that came before it. */
  void publish(int offset, long value) {
    LONGS.setRelease(buffer, offset, value);
  }

  boolean compareAndSet(int offset, long expected, long value) {
    return LONGS.compareAndSet(buffer, offset, expected, value);
  }

  long getAndSet(int offset, long value) {
    return (long) LONGS.getAndSet(buffer, offset, value);
  }

  long getAndAdd(int offset, long delta) {
    return (long) LONGS.getAndAdd(buffer, offset, delta);
  }

  int getInt(int offset) {
    return (int) INTS.getVolatile(buffer, offset);
  }

  /** As {@link #setPlain}. */
  void setIntPlain(int offset, int value) {
    INTS.set(buffer, offset, value);
  }

  int getAndAddInt(int offset, int delta) {
    return (int) INTS.getAndAdd(buffer, offset, delta);
  }

  void put(int offset, byte[] bytes) {
    buffer.put(offset, bytes);
  }

  byte[] bytes(int offset, int length) {
    byte[] copy = new byte[length];
    buffer.get(offset, copy);
    return copy;
  }

  /** Where {@code offset} lies in this process's memory. */
  long addressOf(int offset) {
    return address + offset;
  }

  void await(int offset, int expected, long nanos) {
    posix.awaitChange(address + offset, expected, nanos);
  }

  void wake(int offset, int waiters) {
    posix.wake(address + offset, waiters);
  }

  /** Asks for the bytes to be on disk; they are there for other processes at once. */
  void force() {
    buffer.force();
  }
}
