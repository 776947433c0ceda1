package dev.tidepool.control;

import dev.tidepool.posix.Errno;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocking client of either socket. It dials through {@link Posix} like it reads, so that a worker
 * need not load a second native library.
 */
public final class ControlClient implements AutoCloseable {
  private static final int MAX_FRAME = 16 << 20;

  private final Posix posix;
  private final int socket;
  private final FrameBuffer incoming;
  private final ReentrantLock receiving = new ReentrantLock();
  private volatile boolean closed;

  private ControlClient(Posix posix, int socket) {
    this.posix = posix;
    this.socket = socket;
    this.incoming = new FrameBuffer(posix, MAX_FRAME);
  }

  /**
   * Connects to the socket at {@code socket}.
   *
   * @throws AccessDeniedException if this user may not use the socket
   * @throws ConnectException if nobody answers there
   */
  public static ControlClient dial(Posix posix, Path socket) throws IOException {
    try {
      return new ControlClient(posix, posix.connectUnix(socket));
    } catch (PosixException e) {
      IOException failure =
          e.errno() == Errno.EACCES
              ? new AccessDeniedException(socket.toString(), null, e.getMessage())
              : new ConnectException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  /** Sends; waits while the other side does not read. Any thread. */
  public synchronized void send(Message message) throws IOException {
    if (closed) {
      throw new IOException("the connection is closed");
    }
    ByteBuffer frame = FrameCodec.encode(message, 0);
    try {
      while (frame.hasRemaining()) {
        posix.send(socket, frame);
      }
    } catch (PosixException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Waits for a message; one thread only. The caller closes the descriptors that come with it.
   *
   * @throws EOFException if the other side, or {@link #close}, ended the connection
   * @throws ProtocolException if what came is no message
   */
  public ReceivedMessage receive() throws IOException {
    receiving.lock();
    try {
      while (!closed) {
        ReceivedMessage message = incoming.next();
        if (message != null) {
          return message;
        }
        if (incoming.fill(socket, true) == 0) {
          break;
        }
      }
      throw new EOFException(incoming.unfinished().orElse("the other side closed the connection"));
    } catch (PosixException e) {
      if (e.errno() == Errno.ECONNRESET) {
        throw (EOFException) new EOFException(e.getMessage()).initCause(e);
      }
      throw new IOException(e.getMessage(), e);
    } finally {
      receiving.unlock();
    }
  }

  /** Ends the connection, also under a thread that waits in {@link #receive}. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    posix.disconnect(socket); // before the locks, since it wakes their holders
    synchronized (this) {
      receiving.lock();
      try {
        posix.close(socket);
        incoming.close();
      } finally {
        receiving.unlock();
      }
    }
  }

  /** A message with the descriptors that came with it, which are the receiver's to close. */
  public record ReceivedMessage(Message message, List<Integer> fds) {}
}
