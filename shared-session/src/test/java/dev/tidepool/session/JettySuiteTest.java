package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Jetty asks of its clustered session stores. Its DirtyAttributeTest counts bindings and
 * activations of one object that stays in memory between requests, which ours does not: here the
 * listener and the other process tell that each setting counts.
 */
class JettySuiteTest {
  private static final int TIMEOUT_SECONDS = 3;
  @TempDir static Path directory;
  private static WorkerProcess first;
  private static WorkerProcess second;

  private final Browser browser = new Browser();

  @BeforeAll
  static void start() throws IOException {
    AppClasses.compileCart(directory);
    first = WorkerProcess.start(directory);
    second = WorkerProcess.start(directory);
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
  }

  /** AbstractClusteredOrphanedSessionTest. */
  @Test
  void endsASessionThatOnlyADeadWorkerUsed() throws Exception {
    try (WorkerProcess third = WorkerProcess.start(directory)) {
      browser.get(third.port(), "/write?key=test&value=orphan");
      browser.get(third.port(), "/timeout?value=1");
      third.kill();
    }

    Poll.until(() -> timesEnded("orphan") > 0);

    assertThat(browser.body(second.port(), "/read?key=test")).isEqualTo("none");
    assertThat(timesEnded("orphan")).isEqualTo(1);
  }

  /** AbstractClusteredSessionScavengingTest. */
  @Test
  void endsNoSessionThatAnotherWorkerUses() {
    browser.get(first.port(), "/write?key=test&value=used");
    browser.get(first.port(), "/timeout?value=" + TIMEOUT_SECONDS);
    long since = System.nanoTime();

    while (System.nanoTime() - since < TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS + 2)) {
      assertThat(browser.body(second.port(), "/read?key=test")).isEqualTo("used");
      Poll.pause();
    }

    assertThat(timesEnded("used")).isZero();
    Poll.until(() -> timesEnded("used") > 0);
    assertThat(browser.body(first.port(), "/read?key=test")).isEqualTo("none");
    assertThat(timesEnded("used")).isEqualTo(1);
  }

  /** AbstractWebAppObjectInSessionTest. */
  @Test
  void readsObjectsOfTheAppsOwnClasses() {
    browser.get(first.port(), "/write?key=test&value=x");
    browser.get(first.port(), "/cart?key=cart&value=pens");

    assertThat(browser.body(second.port(), "/read?key=cart")).isEqualTo("cart of pens");
  }

  /** DirtyAttributeTest. */
  @Test
  void writesAnAttributeEachTimeItIsSet() {
    for (String value : new String[] {"same", "same", "other", "same"}) {
      browser.get(first.port(), "/write?key=dirty&value=" + value);
      assertThat(browser.body(second.port(), "/read?key=dirty")).isEqualTo(value);
    }
    assertThat(first.events())
        .contains("dirty replaced same,dirty replaced same,dirty replaced other");
  }

  private static int timesEnded(String value) {
    String events = first.events() + "," + second.events();
    return events.split("destroyed with " + value, -1).length - 1;
  }
}
