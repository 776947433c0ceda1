package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Redisson's RedissonSessionManagerTest does with two servers. Its testExpiration is Jetty's
 * scavenging test too, see {@link JettySuiteTest}. Where Redisson tells the listeners of every
 * server that a session has ended, Tidepool tells those of one.
 */
class RedissonSuiteTest {
  @TempDir static Path directory;
  private static WorkerProcess first;
  private static WorkerProcess second;

  private final Browser browser = new Browser();

  @BeforeAll
  static void start() throws IOException {
    first = WorkerProcess.start(directory);
    second = WorkerProcess.start(directory);
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
  }

  private void write(WorkerProcess worker, String key, String value) {
    assertThat(browser.body(worker.port(), "/write?key=" + key + "&value=" + value))
        .isEqualTo(value);
  }

  private String read(WorkerProcess worker, String key) {
    return browser.body(worker.port(), "/read?key=" + key);
  }

  @Test
  void readsWhatTheOtherUpdated() {
    write(first, "test", "1234");
    assertThat(read(second, "test")).isEqualTo("1234");
    assertThat(read(first, "test")).isEqualTo("1234");
    write(first, "test", "324");
    assertThat(read(second, "test")).isEqualTo("324");
    write(second, "test", "from_server2");
    assertThat(read(first, "test")).isEqualTo("from_server2");
  }

  @Test
  void readsTwoValues() {
    write(first, "key1", "value1");
    write(first, "key2", "value1");
    write(second, "key1", "value2");
    write(second, "key2", "value2");

    assertThat(read(first, "key1")).isEqualTo("value2");
    assertThat(read(first, "key2")).isEqualTo("value2");
  }

  @Test
  void changesTheIdleTimeOfTheOther() {
    write(first, "test", "from_server1");
    write(second, "test", "from_server2");

    browser.get(first.port(), "/timeout?value=3000");

    assertThat(browser.body(second.port(), "/interval")).isEqualTo("3000");
  }

  @Test
  void addsToACollectionOfTheOther() {
    write(first, "test", "1");
    browser.get(first.port(), "/list?key=list&value=a");
    browser.get(second.port(), "/list?key=list&value=b");

    assertThat(browser.body(first.port(), "/list?key=list&value=c")).isEqualTo("[a, b, c]");
  }

  @Test
  void removesWhatTheOtherWrote() {
    write(first, "test", "1234");

    assertThat(browser.body(second.port(), "/remove?key=test")).isEqualTo("null");

    assertThat(read(first, "test")).isEqualTo("null");
  }

  @Test
  void recreatesTheSessionOfTheOther() {
    write(first, "test", "1");
    write(first, "more", "1");
    Browser old = Browser.with(String.valueOf(browser.cookie));

    assertThat(browser.body(second.port(), "/recreate?key=test&value=2")).isEqualTo("2");

    assertThat(read(first, "test")).isEqualTo("2");
    assertThat(read(first, "more")).isEqualTo("null");
    assertThat(old.body(first.port(), "/read?key=test")).isEqualTo("none");
  }

  @Test
  void endsTheSessionOfTheOtherAndTellsOnce() {
    write(first, "test", "last-words");
    Browser copy = Browser.with(String.valueOf(browser.cookie));

    browser.get(second.port(), "/invalidate");

    assertThat(copy.body(first.port(), "/read?key=test")).isEqualTo("none");
    assertThat(copy.body(second.port(), "/read?key=test")).isEqualTo("none");
    assertThat((first.events() + second.events()).split("destroyed with last-words", -1))
        .hasSize(2);
  }

  @Test
  void findsItInAServerThatStartedLater() throws Exception {
    try (WorkerProcess third = WorkerProcess.start(directory)) {
      write(third, "test", "1234");
      third.kill();
    }
    try (WorkerProcess fourth = WorkerProcess.start(directory)) {
      assertThat(read(fourth, "test")).isEqualTo("1234");
      assertThat(browser.body(fourth.port(), "/remove?key=test")).isEqualTo("null");
    }
  }
}
