package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that connects for each request, one after the other: its longest time without answer.
 */
final class AddressGap implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: tidepool.test\r\nConnection: close\r\n\r\n"
          .getBytes(ISO_8859_1);
  private static final int LIMIT_MILLIS = 10_000;
  private static final long PAUSE_NANOS = 500_000; // without it, it would take a processor

  private final InetSocketAddress address;
  private final AtomicLong longest = new AtomicLong();
  private final Thread thread = new Thread(this::run, "address-gap");
  private volatile boolean running = true;

  AddressGap(InetSocketAddress address) {
    this.address = address;
    thread.start();
  }

  private void run() {
    long last = System.nanoTime();
    while (running) {
      if (answered()) {
        long now = System.nanoTime();
        longest.accumulateAndGet(now - last, Math::max);
        last = now;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private boolean answered() {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.getOutputStream().write(REQUEST);
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1).contains("200 OK");
    } catch (IOException e) {
      return false;
    }
  }

  /** The longest since this was asked last, in nanoseconds. */
  long takeLongest() {
    return longest.getAndSet(0);
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
