package dev.tidepool.worker;

import dev.tidepool.conf.LimitSettings;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.nio.NioThreads;

/** The open connections of this worker, and which of its I/O threads each is on. */
final class ConnectionTable {

  /** Is told of each end of a client's connection, on the thread that ended it. */
  interface Ends {
    void ended(TrackedConnection connection);
  }

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private final Map<StreamConnection, TrackedConnection> open = new ConcurrentHashMap<>();
  private final Map<XnioIoThread, AtomicInteger> load = new ConcurrentHashMap<>();
  private final AtomicInteger clients = new AtomicInteger();
  private final Posix posix;
  private final Ends ends;

  ConnectionTable(List<XnioIoThread> threads, Posix posix, Ends ends) {
    this.posix = posix;
    this.ends = ends;
    threads.forEach(thread -> load.put(thread, new AtomicInteger()));
  }

  /** The I/O thread with the fewest connections; {@code current} if it is one of them. */
  XnioIoThread leastLoaded(XnioIoThread current) {
    XnioIoThread best = current;
    int least = load(current).get();
    for (var entry : load.entrySet()) {
      int connections = entry.getValue().get();
      if (connections < least) {
        best = entry.getKey();
        least = connections;
      }
    }
    return best;
  }

  private AtomicInteger load(XnioIoThread thread) {
    return Objects.requireNonNull(load.get(thread));
  }

  /** Counts a connection that will be opened, or dropped, on its thread. */
  void expect(TrackedConnection connection) {
    load(connection.thread).incrementAndGet();
    if (!connection.warmUp) {
      clients.incrementAndGet();
    }
  }

  /** Opens an expected connection, on its thread. */
  StreamConnection open(TrackedConnection connection) throws IOException {
    connection.socket.configureBlocking(false);
    StreamConnection stream =
        NioThreads.connect(connection.thread, connection.socket, () -> ended(connection));
    connection.opened(stream);
    open.put(stream, connection);
    return stream;
  }

  /** From now on {@code decrypted} stands for the connection. On its thread. */
  void secured(TrackedConnection connection, StreamConnection decrypted) {
    open.put(decrypted, connection);
    StreamConnection encrypted = connection.stream();
    connection.opened(decrypted);
    if (encrypted != null) {
      open.remove(encrypted);
    }
  }

  /** An expected connection that could not be opened. */
  void drop(TrackedConnection connection) {
    IoUtils.safeClose(connection.socket);
    forget(connection);
  }

  private void ended(TrackedConnection connection) {
    StreamConnection stream = connection.stream();
    if (stream != null && open.remove(stream) != null) {
      connection.ended();
      forget(connection);
    }
  }

  private void forget(TrackedConnection connection) {
    load(connection.thread).decrementAndGet();
    if (!connection.warmUp) {
      clients.decrementAndGet();
      ends.ended(connection);
    }
  }

  TrackedConnection of(StreamConnection stream) {
    return Objects.requireNonNull(open.get(stream), "not a connection of this table");
  }

  /** Connections of clients, those on their way to an I/O thread included. */
  int clients() {
    return clients.get();
  }

  /** The connections of clients that {@code thread} serves. */
  List<TrackedConnection> on(XnioIoThread thread) {
    return open.values().stream().filter(c -> c.thread == thread && !c.warmUp).toList();
  }

  /** What clients' requests in flight ask for, at most {@code limit} of them. */
  List<String> requestsInFlight(int limit) {
    List<String> requests = new ArrayList<>();
    for (TrackedConnection connection : open.values()) {
      String request = connection.warmUp ? null : connection.describeRequest();
      if (request != null && requests.size() < limit) {
        requests.add(request);
      }
    }
    return requests;
  }

  /**
   * Closes connections that have sent no request for {@code limitNanos}, or keep a request waiting
   * for their bytes that long. On {@code thread}, for its connections.
   */
  void closeIdle(XnioIoThread thread, long now, long limitNanos) {
    for (TrackedConnection connection : open.values()) {
      if (connection.thread == thread
          && !connection.warmUp
          && connection.quietNanos(now, Long.MIN_VALUE / 2, false) > limitNanos
          && (!connection.busy() || connection.blockedOnClient())) {
        cut(connection);
      }
    }
  }

  /**
   * Closes connections whose clients send a request, or take an answer, slower than they may; and,
   * while other requests starve for threads, also those that have kept one waiting for a moment. On
   * {@code thread}, for its connections.
   */
  void closeSlow(XnioIoThread thread, long now, LimitSettings limits, boolean starved) {
    long window = limits.minRateWindow().toNanos();
    long least = limits.leastBytesOfWindow();
    for (TrackedConnection connection : open.values()) {
      if (connection.thread == thread
          && !connection.warmUp
          && (connection.tooSlow(now, window, least)
              || (starved && connection.keepsThread(now, PATIENCE)))) {
        cut(connection);
      }
    }
  }

  /**
   * A thread that waits for a body does not notice a close, since its selector holds the socket; it
   * does notice the end of the input, and then closes the connection itself.
   */
  private static void cut(TrackedConnection connection) {
    boolean ends = connection.endInput();
    if (!ends || !connection.awaitsBody()) {
      connection.close();
    }
  }

  /**
   * Closes connections without any part of a request since {@code windowNanos}, counted from {@code
   * drainStart} at the earliest. On {@code thread}, for its connections.
   */
  void closeDrained(XnioIoThread thread, long now, long drainStart, long windowNanos) {
    for (TrackedConnection connection : open.values()) {
      if (connection.thread == thread
          && !connection.warmUp
          && connection.quietNanos(now, drainStart, true) >= windowNanos
          && connection.nothingPending()
          && nothingToRead(connection)) {
        connection.close();
      }
    }
  }

  /**
   * Connections on which no part of a request has come for {@code leastNanos}, those that have been
   * idle for longest first. On {@code thread}, of its connections.
   */
  Iterator<TrackedConnection> idle(XnioIoThread thread, long now, long leastNanos) {
    return open.values().stream()
        .filter(c -> c.thread == thread && !c.warmUp)
        .filter(c -> c.quietNanos(now, Long.MIN_VALUE / 2, true) >= leastNanos)
        .filter(TrackedConnection::nothingPending)
        .sorted(Comparator.comparingLong(TrackedConnection::quietSince))
        .filter(this::nothingToRead)
        .iterator();
  }

  /** False if a request waits in the kernel: it will be answered, with Connection: close. */
  private boolean nothingToRead(TrackedConnection connection) {
    try {
      return posix.readableBytes(Descriptors.number(connection.socket)) == 0;
    } catch (PosixException e) {
      return true; // already closed
    }
  }
}
