package dev.tidepool.worker;

import static dev.tidepool.worker.TestPool.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.app.Deadline;
import dev.tidepool.control.RequestTable;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests that take longer than they may. */
class RequestLimitsTest {
  /** A thread that has all classes to load gets to the app in this time, on a busy machine, too. */
  private static final Duration TIME = Duration.ofSeconds(1);

  private static final String LIMIT = "request.hard-timeout=" + TIME.toMillis() + " ms";

  @TempDir Path directory;

  private final AtomicInteger interrupts = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);

  /** Waits for its release, if it is not interrupted before. */
  private void await() {
    try {
      released.await();
    } catch (InterruptedException e) {
      interrupts.incrementAndGet();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Test
  void oneThatBlocksIsInterruptedAndAnswered503() throws Exception {
    HttpHandler blocks = new BlockingHandler(exchange -> await());
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, blocks, LIMIT);
      try (var client = new RawClient(pool.port)) {
        assertThat(client.get("/slow").status()).isEqualTo(503);
        assertThat(interrupts).hasValue(1);
        released.countDown();
        assertThat(client.get("/next").status()).as("on the same connection").isEqualTo(200);
      }
    }
  }

  @Test
  void theNextOneIsNotTakenForTheOneThatWasInterrupted() throws Exception {
    var answered = new CountDownLatch(1);
    HttpHandler blocks = new BlockingHandler(exchange -> await());
    try (var pool = new TestPool(directory, 1);
        var log = new HeldLog("GET /slow takes", answered)) {
      pool.serving(0, blocks, LIMIT);
      try (var client = new RawClient(pool.port)) {
        assertThat(client.get("/slow").status()).isEqualTo(503);
        client.send("GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n");
        eventually("it runs", () -> requests(pool).contains("GET /next"));
        answered.countDown();
        assertThat(client.read().status()).as("has its own time").isEqualTo(503);
        assertThat(log.held()).isTrue();
      }
    }
  }

  /** Whoever logs this has to wait. */
  private static final class HeldLog extends Handler implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");
    private final String text;
    private final CountDownLatch until;
    private volatile boolean held;

    HeldLog(String text, CountDownLatch until) {
      this.text = text;
      this.until = until;
      ROOT.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
      if (line.getMessage().contains(text)) {
        held = true;
        try {
          until.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    boolean held() {
      return held;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      ROOT.removeHandler(this);
    }
  }

  @Test
  void oneThatGotNoThreadInItsTimeIsNotBegun() throws Exception {
    var begun = ConcurrentHashMap.<String>newKeySet();
    HttpHandler extended =
        new BlockingHandler(
            exchange -> {
              begun.add(exchange.getRequestPath());
              Deadline.extend(exchange, Duration.ofHours(1));
              await();
            });
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, extended, LIMIT, "workers.task-threads=1", "workers.task-queue=2");
      try (var first = new RawClient(pool.port);
          var second = new RawClient(pool.port)) {
        first.send("GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n");
        eventually("it runs", () -> begun.contains("/first"));
        assertThat(second.get("/second").status()).isEqualTo(503);
        released.countDown();
        assertThat(first.read().status()).isEqualTo(200);
        assertThat(second.get("/third").status()).as("on the same connection").isEqualTo(200);
        assertThat(begun).containsOnly("/first", "/third");
      }
    }
  }

  @Test
  void oneThatGaveItselfMoreTimeIsLeftAlone() throws Exception {
    HttpHandler extended =
        new BlockingHandler(
            exchange -> {
              Deadline.extend(exchange, Duration.ofHours(1));
              await();
            });
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, extended, LIMIT, "request.soft-timeout=1 h");
      try (var client = new RawClient(pool.port)) {
        client.send("GET /export HTTP/1.1\r\nHost: localhost\r\n\r\n");
        eventually("it runs", () -> requests(pool).contains("GET /export"));
        long old = System.nanoTime() + 2 * TIME.toNanos();
        eventually("its old limit is over", () -> System.nanoTime() - old > 0);
        released.countDown();
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(interrupts).hasValue(0);
      }
    }
  }

  @Test
  void oneThatNoThreadWorksOnIsAnswered503() throws Exception {
    HttpHandler forgets = exchange -> exchange.dispatch(() -> {});
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, forgets, LIMIT);
      try (var client = new RawClient(pool.port)) {
        assertThat(client.get("/lost").status()).isEqualTo(503);
        eventually("it is not shown any more", () -> requests(pool).isEmpty());
      }
    }
  }

  @Test
  void aPathMayHaveALimitOfItsOwn() throws Exception {
    HttpHandler blocks = new BlockingHandler(exchange -> await());
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, blocks, "request.paths={\"/short\" {hard-timeout = 100 ms}}");
      try (var client = new RawClient(pool.port)) {
        assertThat(client.get("/short/one").status()).isEqualTo(503);
      }
    }
  }

  private static List<String> requests(TestPool pool) {
    return pool.scoreboard.record(0).requests().inFlight().stream()
        .map(RequestTable.Entry::request)
        .toList();
  }
}
