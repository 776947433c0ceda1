package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Requests at a fixed rate, whatever the answers take: each latency counts from the moment that the
 * request was due, so none is omitted while an answer is late.
 */
final class OpenLoop implements AutoCloseable {
  private static final int CLIENTS = 32;

  /** Requests a second; more than a server answers, so that the next request is always due. */
  private static final int SATURATION = 1_000_000;

  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: tidepool.test\r\n\r\n".getBytes(ISO_8859_1);

  /** One request: when it was due, as System.nanoTime(), and how long its answer took. */
  record Sample(long dueNanos, long latencyNanos) {}

  private final InetSocketAddress address;
  private final long interval;
  private final long begin = System.nanoTime();
  private final AtomicLong next = new AtomicLong();
  private final LongAdder failures = new LongAdder();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  OpenLoop(InetSocketAddress address, int perSecond) {
    this.address = address;
    this.interval = 1_000_000_000L / perSecond;
    for (int i = 0; i < CLIENTS; i++) {
      var thread = new Thread(this::client, "open-loop-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  /** Runs a load for a time. */
  static Latencies run(InetSocketAddress address, int perSecond, Duration length)
      throws InterruptedException {
    try (var load = new OpenLoop(address, perSecond)) {
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
      return load.latencies(Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  /** Requests a second that a server and this client reach together. */
  static int capacity(InetSocketAddress address, Duration length) throws InterruptedException {
    run(address, SATURATION, length); // the client warms up too
    return (int) (run(address, SATURATION, length).count() / length.toSeconds());
  }

  /** Of the requests that were due in a time, in nanoseconds. */
  Latencies latencies(long fromNanos, long toNanos) {
    var latencies = new Latencies();
    for (Sample sample : samples) {
      if (sample.dueNanos >= fromNanos && sample.dueNanos < toNanos) {
        latencies.add(sample.latencyNanos);
      }
    }
    return latencies;
  }

  /** Requests whose connection was refused, or broke before the answer; they were asked again. */
  long failures() {
    return failures.sum();
  }

  private void client() {
    try (var connection = new Kept()) {
      while (running) {
        long due = begin + next.getAndIncrement() * interval;
        for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
          LockSupport.parkNanos(due - now);
        }
        connection.request();
        samples.add(new Sample(due, System.nanoTime() - due));
      }
    }
  }

  /** A connection that is opened again when the server has closed it. */
  private final class Kept implements AutoCloseable {
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();

    void request() {
      while (running && !answered()) {
        close();
      }
    }

    private boolean answered() {
      try {
        Socket open = socket;
        if (open == null) {
          open = new Socket(address.getAddress(), address.getPort());
          open.setTcpNoDelay(true);
          in = new BufferedInputStream(open.getInputStream());
          socket = open;
        }
        open.getOutputStream().write(REQUEST);
        if (HttpAnswer.read(in).closes()) {
          close();
        }
        return true;
      } catch (IOException e) {
        failures.increment();
        return false;
      }
    }

    @Override
    public void close() {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        // it is of no use any more
      }
      socket = null;
    }
  }

  @Override
  public void close() {
    running = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
