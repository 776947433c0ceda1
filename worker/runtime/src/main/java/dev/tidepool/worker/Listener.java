package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;

/**
 * A listening socket of the master. Accepting starts and stops without touching the socket: each
 * time on a duplicate of the descriptor, which is closed, but never shut down.
 */
final class Listener implements AutoCloseable {

  /** Takes a connection, on the I/O thread that accepted it. */
  interface Accepted {
    void accept(SocketChannel channel, Listener from, XnioIoThread thread);
  }

  final String address;
  final Entrance entrance;
  private final int fd;
  private final Posix posix;
  private final Room room;
  private final Map<XnioIoThread, Door> doors = new ConcurrentHashMap<>();
  private volatile @Nullable ServerSocketChannel channel;

  /** Owns {@code fd}. */
  Listener(String address, Entrance entrance, int fd, Posix posix, Room room) {
    this.address = address;
    this.entrance = entrance;
    this.fd = fd;
    this.posix = posix;
    this.room = room;
  }

  /** Accepts on all {@code threads} once this completes. */
  CompletableFuture<Void> start(
      List<XnioIoThread> threads, Accepted accepted, Consumer<IOException> failed) {
    try {
      ServerSocketChannel channel = Descriptors.listening(posix.duplicate(fd));
      return onEach(
              threads,
              thread -> {
                var door =
                    new Door(
                        thread,
                        channel,
                        posix,
                        room,
                        c -> accepted.accept(c, this, thread),
                        failed);
                door.open();
                doors.put(thread, door);
              })
          .thenRun(() -> this.channel = channel);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** No thread accepts any more, and the duplicate is closed, once this completes. */
  CompletableFuture<Void> stop(List<XnioIoThread> threads) {
    return onEach(
            threads,
            thread -> {
              Door door = doors.remove(thread);
              if (door != null) {
                door.close();
              }
            })
        .whenComplete(
            (done, failure) -> {
              IoUtils.safeClose(channel);
              channel = null;
            });
  }

  /** Looks at the queue once, on {@code thread}. */
  void tryAccept(XnioIoThread thread) {
    Door door = doors.get(thread);
    if (door != null) {
      door.accept();
    }
  }

  /** Takes what waits, on {@code thread}, and closes one of {@code idle} for each; how many. */
  int acceptInPlaceOf(XnioIoThread thread, Iterator<TrackedConnection> idle) {
    Door door = doors.get(thread);
    return door == null ? 0 : door.acceptInPlaceOf(idle);
  }

  @Override
  public void close() {
    posix.close(fd);
  }

  private interface Step {
    void on(XnioIoThread thread) throws IOException;
  }

  private static CompletableFuture<Void> onEach(List<XnioIoThread> threads, Step step) {
    return CompletableFuture.allOf(
        threads.stream()
            .map(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          try {
                            step.on(thread);
                          } catch (IOException e) {
                            throw new UncheckedIOException(e);
                          }
                        },
                        thread))
            .toArray(CompletableFuture<?>[]::new));
  }
}
