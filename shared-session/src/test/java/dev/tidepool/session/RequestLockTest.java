package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestLockTest {
  @TempDir Path directory;
  private TestApp first;
  private TestApp second;
  private final Browser browser = new Browser();

  @BeforeEach
  void start() {
    first = worker(new RequestLockSettings(Duration.ofSeconds(20), 100));
    second = worker(new RequestLockSettings(Duration.ofSeconds(1), 2));
    browser.get(first.port(), "/create");
    Poll.until(() -> !isHeld()); // let go of only after the client has its answer
  }

  private TestApp worker(RequestLockSettings lock) {
    return new TestApp(Stores.settings(store(), 1000), 0, 1800, lock);
  }

  private Path store() {
    return directory.resolve("store");
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Test
  void losesNoUpdate() {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 5; i++) {
        all.add(browser.start(first.port(), "/count"));
      }
      all.add(browser.start(second.port(), "/count"));
      all.forEach(CompletableFuture::join);
    }

    assertThat(all).allSatisfy(r -> assertThat(r.join().statusCode()).isEqualTo(200));
    assertThat(browser.body(second.port(), "/get?name=count")).isEqualTo("120");
  }

  @Test
  void holdsUpOnlyItsOwnSession() {
    Browser other = new Browser();
    other.get(second.port(), "/create");
    var holding = browser.start(first.port(), "/hold?value=1500");
    awaitHeld();
    var waiting = browser.start(first.port(), "/count");

    for (int i = 0; i < 20; i++) {
      other.get(i % 2 == 0 ? first.port() : second.port(), "/count");
    }

    assertThat(holding.isDone()).as("others had to wait").isFalse();
    assertThat(waiting.isDone()).isFalse();
    assertThat(holding.join().statusCode()).isEqualTo(200);
    assertThat(waiting.join().statusCode()).isEqualTo(200);
    assertThat(browser.body(first.port(), "/get?name=count")).isEqualTo("2");
  }

  @Test
  void answers503WhenItTakesTooLong() {
    var holding = browser.start(first.port(), "/hold?value=3000");
    awaitHeld();

    assertThat(browser.get(second.port(), "/count").statusCode()).isEqualTo(503);

    assertThat(holding.join().statusCode()).isEqualTo(200);
  }

  @Test
  void answers503WhenTooManyWait() {
    var holding = browser.start(first.port(), "/hold?value=800");
    awaitHeld();
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      waiting.add(browser.start(second.port(), "/count"));
    }

    long refused = waiting.stream().filter(r -> r.join().statusCode() == 503).count();

    assertThat(refused).isBetween(4L, 5L);
    assertThat(holding.join().statusCode()).isEqualTo(200);
  }

  @Test
  void goesOnAtOnceWhenTheHolderIsKilled() throws Exception {
    Path port = directory.resolve("port");
    Process worker =
        Children.start(
            TestApp.class, directory.resolve("log"), store().toString(), port.toString());
    try {
      Poll.until(() -> Files.exists(port));
      var holding = browser.start(Integer.parseInt(Files.readString(port)), "/hold?value=60000");
      awaitHeld();
      var waiting = browser.start(first.port(), "/count");
      Poll.until(() -> !waiting.isDone());

      worker.destroyForcibly().waitFor();
      long killed = System.nanoTime();

      assertThat(waiting.join().statusCode()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(10));
      assertThat(holding.isCompletedExceptionally() || !holding.isDone()).isTrue();
    } finally {
      worker.destroyForcibly();
    }
  }

  private void awaitHeld() {
    Poll.until(this::isHeld);
  }

  private boolean isHeld() {
    byte[] key = first.manager.key(String.valueOf(browser.cookie));
    RequestLock lock = new RequestLock((ChronicleSessionStore) first.sessions.store(), () -> 0);
    boolean held = lock.tryAcquire(key, -1, OwnerWord.NOBODY) != null;
    if (!held) {
      lock.release(key, -1);
    }
    return held;
  }
}
