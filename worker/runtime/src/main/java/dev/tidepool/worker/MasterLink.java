package dev.tidepool.worker;

import dev.tidepool.control.ControlClient;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the master. Broken, it is dialled again until a master has been missing for the
 * grace. Two threads of its own read and write, so that nobody in the worker ever waits for the
 * master. What is said while there is no connection is dropped: HELLO tells the next master all.
 */
final class MasterLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MasterLink.class);
  private static final long REDIAL_MILLIS = 200;

  /** Takes what the master sends; owns the descriptors. On the reading thread. */
  interface Received {
    void accept(MasterMessage message, List<Integer> fds);
  }

  private final Posix posix;
  private final Path socket;
  private final Supplier<WorkerMessage.Hello> hello;
  private final Received received;
  private final Runnable givenUp;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final BlockingQueue<Runnable> outbox = new LinkedBlockingQueue<>();
  private volatile @Nullable ControlClient client;
  private volatile Duration grace;

  /**
   * @param hello asked for each connection
   * @param grace until {@link #grace(Duration)} says otherwise
   * @param givenUp called once, on the reading thread
   */
  MasterLink(
      Posix posix,
      Path socket,
      Supplier<WorkerMessage.Hello> hello,
      Received received,
      Duration grace,
      Runnable givenUp) {
    this.posix = posix;
    this.socket = socket;
    this.hello = hello;
    this.received = received;
    this.grace = grace;
    this.givenUp = givenUp;
  }

  void start() {
    startThread("link-in", this::read);
    startThread("link-out", this::write);
  }

  private static void startThread(String name, Runnable body) {
    var thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  void grace(Duration limit) {
    grace = limit;
  }

  /** Sends soon, in order, if there is a connection. Never waits. */
  void send(WorkerMessage message) {
    outbox.add(() -> write(message));
  }

  /** Waits until all messages are written or dropped. */
  void flush(Duration limit) throws InterruptedException {
    var written = new CountDownLatch(1);
    outbox.add(written::countDown);
    if (!written.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      log.warn("the master took no message within {} ms", limit.toMillis());
    }
  }

  private void write() {
    try {
      while (closed.getCount() > 0) {
        outbox.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(WorkerMessage message) {
    ControlClient connected = client;
    if (connected == null) {
      log.debug("no master to tell {}", message);
      return;
    }
    try {
      connected.send(message);
    } catch (IOException | PosixException e) {
      log.debug("master not told {}: {}", message, e.getMessage());
    }
  }

  private void read() {
    long lastHeard = System.nanoTime();
    boolean lossLogged = false;
    try {
      do {
        try (ControlClient connected = ControlClient.dial(posix, socket)) {
          connected.send(hello.get());
          client = connected;
          while (true) {
            receive(connected);
            lastHeard = System.nanoTime();
            if (lossLogged) {
              log.info("found a master again");
              lossLogged = false;
            }
          }
        } catch (IOException | PosixException e) {
          if (client != null && !lossLogged) {
            lastHeard = System.nanoTime();
          }
          client = null;
          if (!lossLogged && closed.getCount() > 0) {
            lossLogged = true;
            log.warn(
                "no connection to the master: {}; dialling again for {} ms (master.grace)",
                e.getMessage(),
                grace.toMillis());
          }
        }
        if (System.nanoTime() - lastHeard > grace.toNanos() && closed.getCount() > 0) {
          givenUp.run();
          return;
        }
      } while (!closed.await(REDIAL_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void receive(ControlClient connected) throws IOException {
    ControlClient.ReceivedMessage next = connected.receive();
    if (next.message() instanceof MasterMessage message) {
      received.accept(message, next.fds());
    } else {
      next.fds().forEach(posix::close);
      throw new IOException("the master sent " + next.message());
    }
  }

  @Override
  public void close() {
    closed.countDown();
    ControlClient connected = client;
    if (connected != null) {
      connected.close();
    }
  }
}
