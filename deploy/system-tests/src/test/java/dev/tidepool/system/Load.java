package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A counting client: threads that each send one request after another, on connections they keep or
 * on a new one each time, and count what became of every single one.
 */
final class Load implements AutoCloseable {
  private static final byte[] BODY = "x".repeat(2000).getBytes(ISO_8859_1);

  private final SocketAddress address;
  private final Tally tally = new Tally();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private final AtomicLong pauseNanos = new AtomicLong(MILLISECONDS.toNanos(20));
  private String path = "/hello";
  private SocketFactory sockets = SocketFactory.getDefault();
  private volatile List<String> expected = List.of("");
  private volatile boolean stopping;

  private Load(SocketAddress address) {
    this.address = address;
  }

  static Load on(SocketAddress address) {
    return new Load(address);
  }

  /** Path of the GET requests; {@code /hello} if not said. */
  Load path(String value) {
    path = value;
    return this;
  }

  /** Over sockets of this factory, such as one for TLS. */
  Load over(SocketFactory value) {
    sockets = value;
    return this;
  }

  /** Every answer to a GET that is sent from now on must hold one of these. */
  Load expect(String... anyOf) {
    expected = List.of(anyOf);
    return this;
  }

  /** Pause of each thread between its requests, so that the client leaves the workers a share. */
  Load pauseMillis(long millis) {
    pauseNanos.set(MILLISECONDS.toNanos(millis));
    return this;
  }

  /** Adds threads that keep their connection until they are told that it ends. */
  Load keepingConnections(int count) {
    return add(count, "GET", true);
  }

  /** Adds threads that open a connection for each request. */
  Load newConnections(int count) {
    return add(count, "GET", false);
  }

  /** Adds threads that post a body to {@code /echo}, half of them on connections they keep. */
  Load posting(int count) {
    return add((count + 1) / 2, "POST", true).add(count / 2, "POST", false);
  }

  /** Starts, and returns when the first answer came. */
  Load start() {
    threads.forEach(Thread::start);
    try {
      if (!first.await(1, MINUTES)) {
        throw new AssertionError("no answer within a minute: " + stop());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted before the first answer", e);
    }
    return this;
  }

  /** Waits until {@code count} more requests have been answered. */
  void awaitAnswers(long count) {
    long wanted = tally.answered() + count;
    Eventually.until(Duration.ofMinutes(2), () -> tally.answered() >= wanted ? true : null);
  }

  /** Answers so far. */
  long answered() {
    return tally.answered();
  }

  /** Forgets the gaps so far, so that the report tells the longest from now on. */
  void forgetGaps() {
    tally.forgetGaps();
  }

  /** Ends the load, each thread after its request, and reports. */
  LoadReport stop() {
    close();
    return tally.report();
  }

  @Override
  public void close() {
    stopping = true;
    for (Thread thread : threads) {
      try {
        if (thread.isAlive()) {
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Load add(int count, String method, boolean keep) {
    for (int i = 0; i < count; i++) {
      String name = "load-" + method + (keep ? "-keep-" : "-new-") + i;
      var thread = new Thread(() -> run(method, keep), name);
      thread.setDaemon(true);
      threads.add(thread);
    }
    return this;
  }

  private void run(String method, boolean keep) {
    HttpConnection connection = null;
    while (!stopping) {
      connection = request(connection, method, keep);
      LockSupport.parkNanos(pauseNanos.get());
    }
    discard(connection);
  }

  /** One request; returns the connection if the next one may use it. */
  private @Nullable HttpConnection request(
      @Nullable HttpConnection kept, String method, boolean keep) {
    HttpConnection connection = kept;
    long begin = System.nanoTime();
    try {
      if (connection == null) {
        connection = HttpConnection.open(address, sockets);
        tally.connected();
      }
      boolean post = method.equals("POST");
      List<String> anyOf = expected;
      var answer =
          connection.exchange(
              method,
              post ? "/echo" : path,
              post ? BODY : new byte[0],
              keep ? "" : "Connection: close\r\n");
      if (post && answer.status() == 200 && answer.body().length() != BODY.length) {
        tally.failed(Failure.SHORT_ANSWER, "echo of " + answer.body().length() + " bytes");
      } else if (!post
          && answer.status() == 200
          && anyOf.stream().noneMatch(answer.body()::contains)) {
        tally.failed(Failure.WRONG_ANSWER, answer.body() + ", expected one of " + anyOf);
      } else {
        tally.answered(answer, System.nanoTime() - begin);
      }
      first.countDown();
      if (keep && !connection.isToldToClose()) {
        return connection;
      }
    } catch (RequestFailedException e) {
      tally.failed(e.failure(), String.valueOf(e.getMessage()));
    }
    discard(connection);
    return null;
  }

  private static void discard(@Nullable HttpConnection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException alreadyClosed) {
      return;
    }
  }
}
