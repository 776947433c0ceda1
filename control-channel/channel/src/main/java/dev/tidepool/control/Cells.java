package dev.tidepool.control;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of a mapped file as numbers at byte offsets, in native byte order. A number is read and
 * written whole, in no order to other numbers unless a method says so.
 */
final class Cells {
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer bytes;
  private final int base;

  /** {@code base} is a multiple of 8. */
  Cells(ByteBuffer bytes, int base) {
    this.bytes = bytes;
    this.base = base;
  }

  Cells at(int offset) {
    return new Cells(bytes, base + offset);
  }

  /** The bytes at an offset. */
  ByteBuffer bytes(int offset, int length) {
    return bytes.slice(base + offset, length);
  }

  int getInt(int offset) {
    return (int) INT.getOpaque(bytes, base + offset);
  }

  void setInt(int offset, int value) {
    INT.setOpaque(bytes, base + offset, value);
  }

  /** Sees all that was written before the {@link #setIntRelease} of the value it answers. */
  int getIntAcquire(int offset) {
    return (int) INT.getAcquire(bytes, base + offset);
  }

  void setIntRelease(int offset, int value) {
    INT.setRelease(bytes, base + offset, value);
  }

  /** Adds, atomically among all processes; answers the sum. */
  int addInt(int offset, int more) {
    return (int) INT.getAndAdd(bytes, base + offset, more) + more;
  }

  long getLong(int offset) {
    return (long) LONG.getOpaque(bytes, base + offset);
  }

  void setLong(int offset, long value) {
    LONG.setOpaque(bytes, base + offset, value);
  }

  /** Sees all that was written before the {@link #setLongRelease} of the value it answers. */
  long getLongAcquire(int offset) {
    return (long) LONG.getAcquire(bytes, base + offset);
  }

  void setLongRelease(int offset, long value) {
    LONG.setRelease(bytes, base + offset, value);
  }

  /** Adds, atomically among all threads and processes. */
  void addLong(int offset, long more) {
    LONG.getAndAdd(bytes, base + offset, more);
  }

  void read(int offset, byte[] into) {
    bytes.get(base + offset, into);
  }

  void write(int offset, byte[] from, int start, int length) {
    bytes.put(base + offset, from, start, length);
  }
}
