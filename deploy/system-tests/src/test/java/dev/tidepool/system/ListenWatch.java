package dev.tidepool.system;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Looks at the kernel's table again and again: which sockets listen on a port of 127.0.0.1. */
final class ListenWatch implements AutoCloseable {
  private static final String NONE = "none";

  private final Set<String> sockets = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean ended;
  private volatile int looks;

  private ListenWatch(int port) {
    thread = new Thread(() -> run(port), "listen-watch");
    thread.setDaemon(true);
  }

  static ListenWatch on(int port) {
    var watch = new ListenWatch(port);
    watch.look(port);
    watch.thread.start();
    return watch;
  }

  /** Inodes of the sockets seen so far; {@code none} among them if there was a moment without. */
  Set<String> sockets() {
    return sockets;
  }

  int looks() {
    return looks;
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(int port) {
    for (int count = 1; !ended; count++) {
      look(port);
      looks = count;
      LockSupport.parkNanos(MILLISECONDS.toNanos(5));
    }
  }

  /**
   * Lines of /proc/net/tcp: number, local address, remote address, state (0A: LISTEN), …, inode.
   */
  private void look(int port) {
    String local = String.format(Locale.ROOT, "0100007F:%04X", port);
    try {
      var found =
          Files.readAllLines(Path.of("/proc/net/tcp")).stream()
              .map(line -> line.strip().split("\\s+", -1))
              .filter(field -> field[1].equals(local) && field[3].equals("0A"))
              .map(field -> field[9])
              .toList();
      sockets.addAll(found.isEmpty() ? java.util.List.of(NONE) : found);
    } catch (IOException e) {
      sockets.add(e.toString());
    }
  }
}
