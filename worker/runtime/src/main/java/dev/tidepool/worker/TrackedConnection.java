package dev.tidepool.worker;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/**
 * What is known of one open connection. It is idle when no request is in flight, no part of one has
 * been read, and no bytes have moved for a while.
 */
final class TrackedConnection {
  static final AttachmentKey<TrackedConnection> KEY = AttachmentKey.create(TrackedConnection.class);

  final XnioIoThread thread;
  final SocketChannel socket;

  /** Its addresses are meaningless. */
  final boolean unix;

  /** The worker is its own client. */
  final boolean warmUp;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong progress = new AtomicLong();
  private final ClientWaits waits;
  private volatile boolean partlyRead;
  private volatile boolean announcedClose;
  private volatile boolean awaitingClient;
  private volatile @Nullable StreamConnection stream;
  private volatile @Nullable AbstractServerConnection server;
  private volatile @Nullable HttpServerExchange request;

  // Of the sweeps, on the connection's I/O thread.
  private long progressSeen;
  private long quietSince = System.nanoTime();
  private long pacedFrom = quietSince;
  private long pacedProgress;

  TrackedConnection(
      XnioIoThread thread, SocketChannel socket, boolean unix, boolean warmUp, ClientWaits waits) {
    this.thread = thread;
    this.socket = socket;
    this.unix = unix;
    this.warmUp = warmUp;
    this.waits = waits;
  }

  void opened(StreamConnection opened) {
    stream = opened;
  }

  @Nullable StreamConnection stream() {
    return stream;
  }

  void requestStarted(AbstractServerConnection connection, HttpServerExchange exchange) {
    server = connection;
    request = exchange;
    inFlight.incrementAndGet();
    partlyRead = false;
  }

  void requestFinished(AbstractServerConnection connection) {
    // Bytes read beyond this request are the start of the next one, a pipelined one.
    partlyRead = connection.getExtraBytes() != null;
    request = null;
    inFlight.decrementAndGet();
  }

  void bytesRead(long bytes) {
    moved(bytes);
    if (inFlight.get() == 0) {
      partlyRead = true;
    }
  }

  /** Bytes went in or out; one thread at a time reads or writes. */
  void moved(long bytes) {
    progress.setRelease(progress.getPlain() + bytes);
  }

  /** A thread of the task pool begins, or ends, to wait until the client sends or takes bytes. */
  void awaitingClient(boolean begins) {
    awaitingClient = begins;
    if (begins) {
      waits.begin();
    } else {
      waits.end();
    }
  }

  void announcedClose() {
    announcedClose = true;
  }

  /** True once an answer said {@code Connection: close}. */
  boolean hasAnnouncedClose() {
    return announcedClose;
  }

  boolean busy() {
    return inFlight.get() > 0;
  }

  /** True if bytes behind the current request have been read: pipelining. */
  boolean hasExtraBytes() {
    AbstractServerConnection known = server;
    return known != null && known.getExtraBytes() != null;
  }

  /** True if no request, and no part of one, has been read that is still to be answered. */
  boolean nothingPending() {
    return !busy() && !partlyRead && !hasExtraBytes();
  }

  /** True if a request is in flight that cannot go on until the client sends or takes bytes. */
  boolean blockedOnClient() {
    StreamConnection known = stream;
    return busy()
        && (awaitingClient
            || (known != null
                && (known.getSourceChannel().isReadResumed()
                    || known.getSinkChannel().isWriteResumed())));
  }

  /**
   * For how long nothing happened, in nanoseconds; as exact as the time between two calls. On the
   * I/O thread.
   *
   * @param from counts from here at the earliest
   * @param draining whether any pending request counts as something that happens; else only one
   *     that the app works on, and not one that waits for its client
   */
  long quietNanos(long now, long from, boolean draining) {
    long moves = progress.getAcquire();
    boolean active = draining ? !nothingPending() : busy() && !blockedOnClient();
    if (active || moves != progressSeen) {
      progressSeen = moves;
      quietSince = now;
    }
    return now - Math.max(quietSince, from);
  }

  /**
   * True if the client owes bytes, or room for them, and has moved fewer than {@code minBytes} in
   * {@code windowNanos}. On the I/O thread.
   */
  boolean tooSlow(long now, long windowNanos, long minBytes) {
    long moves = progress.getAcquire();
    if (moves - pacedProgress >= minBytes || !owes()) {
      pacedProgress = moves;
      pacedFrom = now;
    }
    return now - pacedFrom > windowNanos;
  }

  /** Unlike an idle or an upgraded connection. */
  private boolean owes() {
    StreamConnection known = stream;
    HttpServerExchange running = request;
    if (known == null || running == null) {
      return partlyRead;
    }
    return awaitingClient
        || known.getSinkChannel().isWriteResumed()
        || (!running.isRequestComplete() && known.getSourceChannel().isReadResumed());
  }

  /** True if a thread waits for the client, which has moved nothing for {@code limitNanos}. */
  boolean keepsThread(long now, long limitNanos) {
    return awaitingClient && quietNanos(now, Long.MIN_VALUE / 2, false) > limitNanos;
  }

  /** True if a thread waits for more of the request's body. */
  boolean awaitsBody() {
    HttpServerExchange running = request;
    return awaitingClient && running != null && !running.isRequestComplete();
  }

  /** Whoever reads comes to the end of the input; false if it had ended before. */
  boolean endInput() {
    if (socket.socket().isInputShutdown()) {
      return false;
    }
    try {
      socket.shutdownInput();
      return true;
    } catch (IOException e) {
      return false; // closed already
    }
  }

  /** Method and path of the request in flight, or null. */
  @Nullable String describeRequest() {
    HttpServerExchange running = request;
    return running == null ? null : running.getRequestMethod() + " " + running.getRequestPath();
  }
}
