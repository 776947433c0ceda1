package dev.tidepool.control;

import dev.tidepool.control.ControlClient.ReceivedMessage;
import dev.tidepool.posix.Posix;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bytes and descriptors of one connection on their way to becoming messages. The kernel delivers
 * descriptors with, or before, the first byte of their frame, in order.
 */
final class FrameBuffer {
  private static final int SMALL = 4096;
  private static final int MAX_FDS_OF_A_FRAME = 253; // SCM_MAX_FD: what one sendmsg can attach

  private final Posix posix;
  private final int maxFrameBytes;
  private final Queue<Integer> fds = new ArrayDeque<>();
  private ByteBuffer bytes = ByteBuffer.allocate(SMALL); // filled up to its position
  private int start;

  FrameBuffer(Posix posix, int maxFrameBytes) {
    this.posix = posix;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Reads once from {@code socket}.
   *
   * @return bytes read, 0 at the end of the stream, -1 if there is nothing now
   */
  int fill(int socket, boolean wait) {
    makeRoom();
    Optional<Posix.Received> received = posix.receive(socket, bytes, wait);
    received.ifPresent(r -> fds.addAll(r.fds()));
    return received.map(Posix.Received::bytes).orElse(-1);
  }

  /**
   * The next whole message, or null if more has to be read for it. Its descriptors are the
   * caller's.
   */
  @Nullable ReceivedMessage next() throws ProtocolException {
    int available = bytes.position() - start;
    int announced = available == 0 ? 0 : MAX_FDS_OF_A_FRAME;
    if (available >= Integer.BYTES) {
      int length = FrameCodec.length(bytes, start, maxFrameBytes);
      if (available >= FrameCodec.HEADER) {
        FrameType type = FrameCodec.type(bytes, start, length);
        announced = type.descriptors();
        if (available >= Integer.BYTES + length) {
          return message(type, length);
        }
      }
    }
    if (fds.size() > announced) {
      throw new ProtocolException(
          fds.size() + " descriptors came, " + announced + " were announced");
    }
    return null;
  }

  /** What is left when the stream ends, to be named in a log: empty if it ended between frames. */
  Optional<String> unfinished() {
    int available = bytes.position() - start;
    if (available == 0) {
      return Optional.empty();
    }
    return Optional.of(
        available < Integer.BYTES
            ? "ended after " + available + " of the 8 bytes of a header"
            : "ended after %d of %d bytes of a frame"
                .formatted(available, Integer.BYTES + bytes.getInt(start)));
  }

  /** Closes descriptors that no message has taken. */
  void close() {
    fds.forEach(posix::close);
    fds.clear();
  }

  private ReceivedMessage message(FrameType type, int length) throws ProtocolException {
    if (fds.size() < type.descriptors()) {
      throw new ProtocolException(
          "type=%d length=%d, %s announces %d descriptors, %d came"
              .formatted(
                  type.number(),
                  length - FrameCodec.SHORTEST,
                  type,
                  type.descriptors(),
                  fds.size()));
    }
    Message message =
        FrameCodec.decode(
            type, bytes.slice(start + FrameCodec.HEADER, length - FrameCodec.SHORTEST));
    start += Integer.BYTES + length;
    List<Integer> own = new ArrayList<>();
    while (own.size() < type.descriptors()) {
      own.add(fds.remove());
    }
    return new ReceivedMessage(message, List.copyOf(own));
  }

  /** Grows with what has come, not with what a header claims will come. */
  private void makeRoom() {
    if (start == bytes.position()) {
      bytes = bytes.capacity() > SMALL ? ByteBuffer.allocate(SMALL) : bytes.clear();
      start = 0;
    } else if (!bytes.hasRemaining()) {
      ByteBuffer rest = bytes.flip().position(start);
      int capacity =
          rest.remaining() > bytes.capacity() / 2 ? bytes.capacity() * 2 : bytes.capacity();
      bytes = ByteBuffer.allocate(capacity).put(rest);
      start = 0;
    }
  }
}
