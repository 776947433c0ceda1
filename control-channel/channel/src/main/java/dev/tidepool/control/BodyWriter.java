package dev.tidepool.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes one frame; big-endian, growing. */
final class BodyWriter {
  private ByteBuffer bytes = ByteBuffer.allocate(128);

  BodyWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  BodyWriter u16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  BodyWriter i32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  BodyWriter i64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  BodyWriter flag(boolean value) {
    return u8(value ? 1 : 0);
  }

  BodyWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    i32(utf8.length);
    room(utf8.length).put(utf8);
    return this;
  }

  BodyWriter texts(List<String> values) {
    i32(values.size());
    values.forEach(this::text);
    return this;
  }

  /** The frame, with the length of all that follows the first four bytes put into them. */
  ByteBuffer frame() {
    bytes.putInt(0, bytes.position() - Integer.BYTES);
    return bytes.flip();
  }

  private ByteBuffer room(int needed) {
    if (bytes.remaining() < needed) {
      int capacity = Math.max(bytes.capacity() * 2, bytes.position() + needed);
      bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
    }
    return bytes;
  }
}
