package dev.tidepool.control;

import dev.tidepool.control.ControlClient.ReceivedMessage;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Posix.PeerCredentials;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection. All but {@link #send} and {@link #close} happens on the control thread.
 */
final class ServedPeer implements Peer {
  private static final Logger log = LoggerFactory.getLogger(ServedPeer.class);

  private static final int READS_AT_A_TIME = 16; // then the others have their turn
  private static final int MAX_REQUESTS = 64;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final ControlServer server;
  private final ServedSocket at;
  private final UnixSocketChannel channel;
  private final SelectionKey key;
  private final PeerCredentials credentials;
  private final FrameBuffer incoming;
  private final OutgoingFrames outgoing;
  private final AtomicInteger requests = new AtomicInteger(); // that have no reply yet
  private volatile long activeAt;
  private long closingAt;
  private @Nullable String closing;
  private boolean gone;

  ServedPeer(
      ControlServer server,
      Posix posix,
      ServedSocket at,
      UnixSocketChannel channel,
      SelectionKey key,
      long now) {
    this.server = server;
    this.at = at;
    this.channel = channel;
    this.key = key;
    this.credentials = posix.peerCredentials(channel.getFD());
    this.incoming = new FrameBuffer(posix, at.limits().maxFrameBytes());
    this.outgoing = new OutgoingFrames(posix, at.limits().maxQueuedBytes());
    this.activeAt = now;
  }

  @Override
  public PeerCredentials credentials() {
    return credentials;
  }

  @Override
  public void send(Message message, int... fds) {
    ByteBuffer frame = FrameCodec.encode(message, fds.length);
    if (outgoing.isEmpty()) {
      activeAt = System.nanoTime(); // until now it was the peer that waited
    }
    if (!outgoing.add(frame, fds)) {
      String reason =
          "does not read: %d bytes are queued and %d more would be over the limit of %d"
              .formatted(outgoing.bytes(), frame.remaining(), at.limits().maxQueuedBytes());
      server.execute(() -> fault(reason));
      return;
    }
    if (message instanceof OperatorMessage.Reply) {
      requests.updateAndGet(n -> Math.max(0, n - 1));
    }
    server.execute(this::write);
  }

  @Override
  public void close(String reason) {
    server.execute(
        () -> {
          if (closing == null) {
            closing = reason;
            closingAt = System.nanoTime();
            write();
          }
        });
  }

  @Override
  public String toString() {
    return at + ": pid=" + credentials.pid() + " uid=" + credentials.uid();
  }

  /** What the selector says. */
  void ready(SelectionKey selected) {
    if (selected.isWritable()) {
      write();
    }
    if (!gone && closing == null && selected.isReadable()) {
      read();
    }
  }

  /** When {@link #sweep} has something to do at the earliest; Long.MAX_VALUE for never. */
  long deadline() {
    if (closing != null) {
      return closingAt + LAST_WORDS.toNanos();
    }
    Duration idle = at.limits().idleTimeout();
    boolean unlimited = idle.isZero() || (requests.get() > 0 && outgoing.isEmpty());
    return unlimited ? Long.MAX_VALUE : activeAt + idle.toNanos();
  }

  void sweep(long now) {
    long deadline = deadline();
    if (deadline == Long.MAX_VALUE || now - deadline < 0) {
      return;
    }
    if (closing != null) {
      end(closing);
    } else if (outgoing.isEmpty()) {
      log.info("{} closed: idle for {} ms", this, (now - activeAt) / 1_000_000);
      end("idle");
    } else {
      fault(
          "does not read its answer: %d bytes wait for %d ms"
              .formatted(outgoing.bytes(), (now - activeAt) / 1_000_000));
    }
  }

  /** True if nothing is asked or answered here, so that it may make room for another. */
  boolean idle() {
    return closing == null && requests.get() == 0 && outgoing.isEmpty();
  }

  long activeAt() {
    return activeAt;
  }

  /** Closes because of what this peer did, which is worth a warning. */
  void fault(String reason) {
    if (!gone) {
      log.warn("{} closed: {}", this, reason);
      end(reason);
    }
  }

  /** Closes at once; what is queued is lost. */
  void end(String reason) {
    if (gone) {
      return;
    }
    gone = true;
    key.cancel();
    outgoing.close();
    incoming.close();
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("{}: close failed: {}", this, e.toString());
    }
    at.closed(this, reason);
  }

  /** Writes what can be written now, and waits for the rest. */
  void write() {
    if (gone) {
      return;
    }
    try {
      if (outgoing.writeTo(channel.getFD())) {
        activeAt = System.nanoTime();
      }
    } catch (PosixException e) {
      log.debug("{} gone: {}", this, e.getMessage());
      end(String.valueOf(e.getMessage()));
      return;
    }
    boolean written = outgoing.isEmpty();
    if (written && closing != null) {
      log.info("{} closed: {}", this, closing);
      end(closing);
      return;
    }
    key.interestOps(
        (written ? 0 : SelectionKey.OP_WRITE) | (closing == null ? SelectionKey.OP_READ : 0));
  }

  private void read() {
    try {
      for (int i = 0; i < READS_AT_A_TIME; i++) {
        int bytes = incoming.fill(channel.getFD(), false);
        if (bytes < 0) {
          return;
        }
        if (bytes == 0) {
          incoming.unfinished().ifPresentOrElse(this::fault, () -> end("closed by its process"));
          return;
        }
        if (!deliver()) {
          return;
        }
      }
    } catch (ProtocolException | PosixException e) {
      fault(String.valueOf(e.getMessage()));
    }
  }

  /** Hands over all whole messages; false if that was the end of the connection. */
  private boolean deliver() throws ProtocolException {
    while (true) {
      ReceivedMessage next = incoming.next();
      if (next == null) {
        return true;
      }
      activeAt = System.nanoTime();
      if (next.message() instanceof MasterMessage) {
        next.fds().forEach(server::closeDescriptor);
        throw new ProtocolException(FrameType.of(next.message()) + " is said by the master only");
      }
      if (next.message() instanceof OperatorMessage && requests.incrementAndGet() > MAX_REQUESTS) {
        throw new ProtocolException(
            requests + " requests without waiting for an answer, the limit is " + MAX_REQUESTS);
      }
      at.message(this, next);
      if (gone || closing != null) {
        return false;
      }
    }
  }
}
