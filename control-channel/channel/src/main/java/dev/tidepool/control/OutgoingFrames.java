package dev.tidepool.control;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Frames of one connection that are not written yet, with descriptors of their own; thread-safe.
 */
final class OutgoingFrames {
  private final Posix posix;
  private final int maxBytes;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private int bytes;
  private boolean closed;

  OutgoingFrames(Posix posix, int maxBytes) {
    this.posix = posix;
    this.maxBytes = maxBytes;
  }

  /** False if that would be too much; a first frame never is. Nothing is taken once closed. */
  synchronized boolean add(ByteBuffer frame, int... fds) {
    if (closed) {
      return true;
    }
    if (!frames.isEmpty() && bytes + frame.remaining() > maxBytes) {
      return false;
    }
    frames.add(new Frame(posix, frame, fds));
    bytes += frame.remaining();
    return true;
  }

  /** Writes what the socket takes. True if it took anything. */
  synchronized boolean writeTo(int socket) {
    boolean progress = false;
    while (!frames.isEmpty()) {
      Frame frame = frames.getFirst();
      int before = frame.data.remaining();
      if (!posix.send(socket, frame.data, frame.fds)) {
        return progress;
      }
      progress = true;
      bytes -= before - frame.data.remaining();
      frame.closeDescriptors(); // they went with the first byte
      if (!frame.data.hasRemaining()) {
        frames.removeFirst();
      }
    }
    return progress;
  }

  synchronized boolean isEmpty() {
    return frames.isEmpty();
  }

  synchronized int bytes() {
    return bytes;
  }

  synchronized void close() {
    closed = true;
    frames.forEach(Frame::closeDescriptors);
    frames.clear();
    bytes = 0;
  }

  private static final class Frame {
    private static final int[] NONE = {};

    private final Posix posix;
    private final ByteBuffer data;
    private int[] fds = NONE;

    Frame(Posix posix, ByteBuffer data, int... fds) {
      this.posix = posix;
      this.data = data;
      try {
        for (int fd : fds) {
          int[] more = Arrays.copyOf(this.fds, this.fds.length + 1);
          more[more.length - 1] = posix.duplicate(fd);
          this.fds = more;
        }
      } catch (PosixException e) {
        closeDescriptors();
        throw e;
      }
    }

    void closeDescriptors() {
      for (int fd : fds) {
        posix.close(fd);
      }
      fds = NONE;
    }
  }
}
