package dev.tidepool.control;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.enxio.channels.NativeSelectorProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves Unix sockets on one thread. jnr-unixsocket opens, binds, accepts and waits; bytes and
 * descriptors go through {@link Posix}, for a plain read drops descriptors silently.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

  private final Posix posix;
  private final Selector selector;
  private final Thread thread;
  private final List<ServedSocket> sockets = new ArrayList<>(); // control thread only
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile boolean closing;

  /** Starts the thread "control", a daemon. */
  public ControlServer(Posix posix) {
    this.posix = posix;
    try {
      this.selector = NativeSelectorProvider.getInstance().openSelector();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for the control sockets", e);
    }
    this.thread = new Thread(this::run, "control");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Listens at {@code socket}, in the place of a socket file on which nobody answers.
   *
   * @param access owner and rights of the file
   * @throws java.net.BindException if another process answers there, or the path is too long
   */
  public void listen(Path socket, Access access, Limits limits, Handler handler)
      throws IOException {
    SocketFile file;
    try {
      file = SocketFile.open(posix, socket, access);
    } catch (PosixException e) {
      throw new IOException(e.getMessage(), e);
    }
    execute(
        () -> {
          try {
            sockets.add(new ServedSocket(this, posix, file, limits, handler, selector));
          } catch (IOException e) {
            log.error("{} cannot be served", socket, e);
            file.close();
          }
        });
  }

  /** Closes all peers and sockets, and removes the socket files. */
  @Override
  public void close() {
    closing = true;
    wakeUp();
    if (Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Runs {@code task} on the control thread, soon. */
  void execute(Runnable task) {
    tasks.add(task);
    wakeUp();
  }

  void closeDescriptor(int fd) {
    try {
      posix.close(fd);
    } catch (PosixException e) {
      log.warn("{}", e.getMessage());
    }
  }

  /** Once until the thread wakes, for each wake-up is a byte in a pipe that could fill up. */
  private void wakeUp() {
    if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  private void run() {
    while (!closing) {
      try {
        pass();
      } catch (IOException | RuntimeException e) {
        log.error("control thread goes on after a failure", e);
      }
    }
    runTasks();
    sockets.forEach(ServedSocket::close);
    try {
      selector.close();
    } catch (IOException e) {
      log.warn("closing the selector of the control sockets failed: {}", e.toString());
    }
  }

  private void pass() throws IOException {
    await();
    woken.set(false);
    runTasks();
    for (SelectionKey key : selector.selectedKeys()) {
      if (!key.isValid()) {
        continue;
      }
      if (key.attachment() instanceof ServedSocket socket) {
        socket.accept();
      } else if (key.attachment() instanceof ServedPeer peer) {
        peer.ready(key);
      }
    }
    selector.selectedKeys().clear();
    long now = System.nanoTime();
    sockets.forEach(socket -> socket.sweep(now));
  }

  private void await() throws IOException {
    if (!tasks.isEmpty()) {
      selector.selectNow();
      return;
    }
    long deadline =
        sockets.stream().mapToLong(ServedSocket::deadline).reduce(Long.MAX_VALUE, Math::min);
    if (deadline == Long.MAX_VALUE) {
      selector.select();
      return;
    }
    long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis() + 1;
    if (millis > 0) {
      selector.select(millis);
    } else {
      selector.selectNow();
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /**
   * What the peers of one socket may use.
   *
   * @param maxFrameBytes longest frame that is read
   * @param maxPeers connections at a time; one more ends the one that is idle longest
   * @param idleTimeout for a peer that asks nothing, or does not read its answer; zero for none
   * @param maxQueuedBytes that wait for a peer to read them
   */
  public record Limits(int maxFrameBytes, int maxPeers, Duration idleTimeout, int maxQueuedBytes) {}

  /** Called on the control thread, so it should only enqueue. */
  public interface Handler {
    void onOpen(Peer peer);

    /** {@code fds} came with the message and are the handler's to close. */
    void onMessage(Peer peer, Message message, List<Integer> fds);

    /** Once for each peer that was opened. */
    void onClose(Peer peer, String reason);
  }
}
