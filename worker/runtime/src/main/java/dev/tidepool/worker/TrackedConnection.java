package dev.tidepool.worker;

import dev.tidepool.conf.TrustedPeers;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.protocols.http2.ServedHttp2Channel;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/**
 * What is known of one open connection. It is idle when no request is in flight, no part of one has
 * been read, and no bytes have moved for a while.
 */
final class TrackedConnection {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final InetSocketAddress NOBODY = new InetSocketAddress(0);

  static final AttachmentKey<TrackedConnection> KEY = AttachmentKey.create(TrackedConnection.class);

  final XnioIoThread thread;
  final SocketChannel socket;
  final Entrance entrance;

  /** The worker is its own client. */
  final boolean warmUp;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong progress = new AtomicLong();
  private final ClientWaits waits;
  private volatile boolean partlyRead;
  private volatile boolean upgraded;
  private volatile boolean ended;
  private final AtomicBoolean announcedClose = new AtomicBoolean();
  private volatile boolean awaitingClient;
  private volatile @Nullable StreamConnection stream;
  private volatile @Nullable ServedHttp2Channel http2;
  private @Nullable InetSocketAddress source;
  private @Nullable InetSocketAddress destination;
  private boolean proxied;
  private volatile @Nullable AbstractServerConnection server;
  private volatile @Nullable HttpServerExchange request;

  /** The thread that makes the connection ready for its next request, if not the I/O thread. */
  private volatile @Nullable Thread completing;

  /** Of that thread: what it is to read from again. */
  private @Nullable TrackedSource heldBack;

  // Of the sweeps, on the connection's I/O thread.
  private long progressSeen;
  private long quietSince = System.nanoTime();
  private long pacedFrom = quietSince;
  private long pacedProgress;

  // When the requests so far are paid for, if each costs a time.
  private long paidUntil = quietSince;

  TrackedConnection(
      XnioIoThread thread,
      SocketChannel socket,
      Entrance entrance,
      boolean warmUp,
      ClientWaits waits) {
    this.thread = thread;
    this.socket = socket;
    this.entrance = entrance;
    this.warmUp = warmUp;
    this.waits = waits;
    if (entrance.unix()) {
      source = LOOPBACK;
      destination = LOOPBACK;
    }
  }

  void opened(StreamConnection opened) {
    stream = opened;
  }

  /** What is spoken on: with TLS its decrypted side. */
  @Nullable StreamConnection stream() {
    return stream;
  }

  /** Takes notice of what is read from and written to {@code spokenOn} from now on. */
  void track(StreamConnection spokenOn) {
    var source = spokenOn.getSourceChannel();
    source.setConduit(new TrackedSource(source.getConduit(), this));
    var sink = spokenOn.getSinkChannel();
    sink.setConduit(new TrackedSink(sink.getConduit(), this));
  }

  /** The other end of the socket; loopback for a Unix socket. */
  InetSocketAddress peer() {
    try {
      return entrance.unix() ? LOOPBACK : (InetSocketAddress) socket.getRemoteAddress();
    } catch (IOException e) {
      return NOBODY; // closed
    }
  }

  /** The proxy at the other end told whom it speaks for. */
  void proxied(ProxyHeader header) {
    if (header.source() != null) {
      source = header.source();
      destination = header.destination();
      proxied = true;
    }
  }

  /** The client if it is not the peer of the socket, else null. */
  @Nullable InetSocketAddress source() {
    return source;
  }

  /** What the client connected to if it is not this end of the socket, else null. */
  @Nullable InetSocketAddress destination() {
    return destination;
  }

  /** Whether the client, as far as the connection tells, is one of these. */
  boolean clientIsOneOf(TrustedPeers peers) {
    if (peers.areNone()) {
      return false;
    }
    if (entrance.unix() && !proxied) {
      return peers.unix();
    }
    InetSocketAddress known = source;
    return peers.contains((known != null ? known : peer()).getAddress());
  }

  void http2(ServedHttp2Channel channel) {
    http2 = channel;
  }

  /** The HTTP/2 that is spoken here, or null. */
  @Nullable ServedHttp2Channel http2() {
    return http2;
  }

  void ended() {
    ended = true;
  }

  /** True if it spoke HTTP/2 and is closed. */
  boolean http2Ended() {
    return ended && http2 != null;
  }

  void requestStarted(ServerConnection connection, HttpServerExchange exchange) {
    server = connection instanceof AbstractServerConnection http1 ? http1 : null;
    request = exchange;
    inFlight.incrementAndGet();
    partlyRead = false;
  }

  /** {@code upgrades}: from now on another protocol is spoken here, WebSocket most likely. */
  void requestFinished(boolean upgrades) {
    upgraded = upgrades;
    // Bytes read beyond this request are the start of the next one, a pipelined one.
    partlyRead = hasExtraBytes();
    request = null;
    inFlight.decrementAndGet();
  }

  /**
   * Runs Undertow's part in the end of a request. What waits for the next one is told only then: a
   * task thread that wakes the I/O thread from within often loses its processor to it, and the I/O
   * thread spins until the connection is ready, for all of its slice.
   */
  void completes(Runnable readyForNext) {
    if (http2 != null || Thread.currentThread() == thread) {
      readyForNext.run();
      return;
    }
    completing = Thread.currentThread();
    try {
      readyForNext.run();
    } finally {
      completing = null;
      TrackedSource source = heldBack;
      if (source != null) {
        heldBack = null;
        source.resumeNow();
      }
    }
  }

  /** True if {@code source} is to be read again now, and is a little later. */
  boolean holdsBack(TrackedSource source) {
    if (completing != Thread.currentThread()) {
      return false;
    }
    heldBack = source;
    return true;
  }

  int requestsInFlight() {
    return inFlight.get();
  }

  /** Closes it; an HTTP/2 client is told which of its streams were the last ones to be served. */
  void close() {
    ServedHttp2Channel channel = http2;
    if (channel != null) {
      channel.sendGoAway(Http2Channel.ERROR_NO_ERROR);
    } else {
      IoUtils.safeClose(stream);
    }
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

  /** False if the client has been told before that the connection will be closed. */
  boolean announceClose() {
    return announcedClose.compareAndSet(false, true);
  }

  /** True once an answer said {@code Connection: close}, or HTTP/2 was told to go away. */
  boolean hasAnnouncedClose() {
    return announcedClose.get();
  }

  boolean busy() {
    return inFlight.get() > 0;
  }

  /** True if bytes behind the current request have been read: pipelining. */
  boolean hasExtraBytes() {
    AbstractServerConnection known = server;
    return known != null && known.getExtraBytes() != null;
  }

  /**
   * True if no request, and no part of one, has been read that is still to be answered. Of another
   * protocol than HTTP only the app can know.
   */
  boolean nothingPending() {
    // What HTTP/2 reads between requests is no part of one: clients send settings and pings, too.
    return !busy() && !upgraded && (http2 != null || (!partlyRead && !hasExtraBytes()));
  }

  /** True if a request is in flight that cannot go on until the client sends or takes bytes. */
  boolean blockedOnClient() {
    StreamConnection known = stream;
    return busy()
        && (awaitingClient
            || (known != null
                // HTTP/2 always reads.
                && ((http2 == null && known.getSourceChannel().isReadResumed())
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
   * Whether another request is within the rate of one every {@code nanosEach}, of which a second's
   * may come at once. Any thread, as those of HTTP/2.
   */
  synchronized boolean mayAsk(long now, long nanosEach) {
    long from = Math.max(paidUntil, now);
    if (from - now > TimeUnit.SECONDS.toNanos(1) - nanosEach) {
      return false;
    }
    paidUntil = from + nanosEach;
    return true;
  }

  /** As of the last call of {@link #quietNanos}. */
  long quietSince() {
    return quietSince;
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
