package dev.tidepool.worker;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final AtomicInteger progress = new AtomicInteger();
  private volatile boolean partlyRead;
  private volatile boolean announcedClose;
  private volatile boolean awaitingClient;
  private volatile @Nullable StreamConnection stream;
  private volatile @Nullable AbstractServerConnection server;
  private volatile @Nullable HttpServerExchange request;

  // Of the sweeps, on the connection's I/O thread.
  private int progressSeen;
  private long quietSince = System.nanoTime();

  TrackedConnection(XnioIoThread thread, SocketChannel socket, boolean unix, boolean warmUp) {
    this.thread = thread;
    this.socket = socket;
    this.unix = unix;
    this.warmUp = warmUp;
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

  void bytesRead() {
    moved();
    if (inFlight.get() == 0) {
      partlyRead = true;
    }
  }

  /** Bytes went in or out; one thread at a time reads or writes. */
  void moved() {
    progress.setRelease(progress.getPlain() + 1);
  }

  void awaitingClient(boolean waits) {
    awaitingClient = waits;
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
    int moves = progress.getAcquire();
    boolean active = draining ? !nothingPending() : busy() && !blockedOnClient();
    if (active || moves != progressSeen) {
      progressSeen = moves;
      quietSince = now;
    }
    return now - Math.max(quietSince, from);
  }

  /** Method and path of the request in flight, or null. */
  @Nullable String describeRequest() {
    HttpServerExchange running = request;
    return running == null ? null : running.getRequestMethod() + " " + running.getRequestPath();
  }
}
