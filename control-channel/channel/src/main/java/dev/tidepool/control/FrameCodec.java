package dev.tidepool.control;

import java.nio.ByteBuffer;

/**
 * Messages as frames. Bodies are drawn in {@link FrameType}.
 *
 * <pre>
 *  0        4         5      6             8
 *  | length | version | type | descriptors | body ...
 *
 *  length       u32  bytes that follow it: 4 + length of the body
 *  version      u8   1
 *  type         u8   see FrameType
 *  descriptors  u16  how many are attached (SCM_RIGHTS) to the first byte of the frame
 * </pre>
 */
final class FrameCodec {
  static final int VERSION = 1;
  static final int HEADER = 8;
  static final int SHORTEST = HEADER - Integer.BYTES;

  private FrameCodec() {}

  /** The whole frame; {@code descriptors} must be what its type asks for. */
  static ByteBuffer encode(Message message, int descriptors) {
    FrameType type = FrameType.of(message);
    if (descriptors != type.descriptors()) {
      throw new IllegalArgumentException(
          type + " goes with " + type.descriptors() + " descriptors, not " + descriptors);
    }
    BodyWriter out = new BodyWriter();
    out.i32(0).u8(VERSION).u8(type.number()).u16(descriptors);
    type.encode(message, out);
    return out.frame();
  }

  /** The length field of a header, checked against the limit. */
  static int length(ByteBuffer header, int at, int maxFrameBytes) throws ProtocolException {
    int length = header.getInt(at);
    if (length < SHORTEST) {
      throw new ProtocolException(
          "length=%s, a frame has 4 to %d"
              .formatted(Integer.toUnsignedString(length), maxFrameBytes));
    }
    if (length > maxFrameBytes) {
      throw new ProtocolException("length=" + length + ", a frame has 4 to " + maxFrameBytes);
    }
    return length;
  }

  /** The type of a header, with version and number of descriptors checked. */
  static FrameType type(ByteBuffer header, int at, int length) throws ProtocolException {
    int version = Byte.toUnsignedInt(header.get(at + 4));
    int number = Byte.toUnsignedInt(header.get(at + 5));
    int descriptors = Short.toUnsignedInt(header.getShort(at + 6));
    if (version != VERSION) {
      throw new ProtocolException(
          "version="
              + version
              + " type="
              + number
              + " length="
              + (length - SHORTEST)
              + ", this side speaks version "
              + VERSION);
    }
    FrameType type = FrameType.ofNumber(number);
    if (type == null) {
      throw new ProtocolException(
          "type=" + number + " length=" + (length - SHORTEST) + ", there is no such type");
    }
    if (descriptors != type.descriptors()) {
      throw new ProtocolException(
          "type=%d length=%d, %s goes with %d descriptors, not %d"
              .formatted(number, length - SHORTEST, type, type.descriptors(), descriptors));
    }
    return type;
  }

  /** Decodes a whole body, from position 0 of {@code body} to its limit. */
  static Message decode(FrameType type, ByteBuffer body) throws ProtocolException {
    BodyReader in = new BodyReader(type, body);
    Message message = type.decode(in);
    in.end();
    return message;
  }
}
