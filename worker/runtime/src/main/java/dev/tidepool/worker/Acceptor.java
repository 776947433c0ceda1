package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/** Accepts on the listening sockets of the master, on all I/O threads, while told to. */
final class Acceptor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

  private final List<XnioIoThread> threads;
  private final Posix posix;
  private final Room room;
  private final Listener.Accepted accepted;
  private final Map<String, Listener> listeners = new ConcurrentSkipListMap<>();
  private final LogLimit limit = new LogLimit();
  private boolean accepting;

  Acceptor(List<XnioIoThread> threads, Posix posix, Room room, Listener.Accepted accepted) {
    this.threads = threads;
    this.posix = posix;
    this.room = room;
    this.accepted = accepted;
  }

  /** Holds a listening socket, and owns its descriptor. One that it holds already stays. */
  synchronized CompletableFuture<Void> add(String address, Entrance entrance, int fd) {
    if (listeners.containsKey(address)) {
      posix.close(fd);
      return CompletableFuture.completedFuture(null);
    }
    var listener = new Listener(address, entrance, fd, posix, room);
    listeners.put(address, listener);
    return accepting
        ? listener.start(threads, accepted, this::failed)
        : CompletableFuture.completedFuture(null);
  }

  List<String> addresses() {
    return List.copyOf(listeners.keySet());
  }

  /** All threads accept on all sockets once this completes. */
  synchronized CompletableFuture<Void> start() {
    if (accepting) {
      return CompletableFuture.completedFuture(null);
    }
    accepting = true;
    return CompletableFuture.allOf(
        listeners.values().stream()
            .map(listener -> listener.start(threads, accepted, this::failed))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** No thread accepts once this completes; the sockets live on and may be accepted on again. */
  synchronized CompletableFuture<Void> stop() {
    accepting = false;
    return CompletableFuture.allOf(
        listeners.values().stream()
            .map(listener -> listener.stop(threads))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Accepts no more, and gives up the sockets; as {@link #stop}, and waits for it. */
  @Override
  public void close() {
    stop().join();
    listeners.values().forEach(Listener::close);
  }

  /**
   * Looks at each queue once, on {@code thread}: the wake-up for a connection may have gone to a
   * worker that died before it accepted.
   */
  void tryAccept(XnioIoThread thread) {
    listeners.values().forEach(listener -> listener.tryAccept(thread));
  }

  /** Takes what waits, on {@code thread}, and closes one of {@code idle} for each; how many. */
  int acceptInPlaceOf(XnioIoThread thread, Iterator<TrackedConnection> idle) {
    int taken = 0;
    for (Listener listener : listeners.values()) {
      taken += listener.acceptInPlaceOf(thread, idle);
    }
    return taken;
  }

  private void failed(IOException failure) {
    int unlogged = limit.pass();
    if (unlogged >= 0) {
      log.error(
          "cannot accept: {}; {} failures before this were not logged",
          failure.getMessage(),
          unlogged);
    }
  }
}
