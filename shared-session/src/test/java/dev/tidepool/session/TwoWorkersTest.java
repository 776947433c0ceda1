package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One client and two processes by turns. */
class TwoWorkersTest {
  private static final int REDIRECTS = 10_000;
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

  /** Each request sees what the one before it wrote before it sent the client on. */
  @Test
  void missesNothingAfterARedirect() {
    int missed = 0;
    for (int i = 0; i < REDIRECTS; i++) {
      HttpResponse<String> hop = browser.get((i % 2 == 0 ? first : second).port(), "/hop");
      assertThat(hop.statusCode()).isEqualTo(302);
      missed += hop.headers().firstValueAsLong("seen").orElse(-1) == i ? 0 : 1;
    }
    assertThat(missed).as("of " + REDIRECTS).isZero();
  }

  /** Undertow's ChangeSessionIdTestCase, with the listener asked in the process that it ran in. */
  @Test
  void tellsOfAChangedIdWhereItHappens() {
    browser.get(first.port(), "/write?key=test&value=kept");

    changeAndCheck(second, first);
    changeAndCheck(first, second);
    changeAndCheck(second, first);
  }

  private void changeAndCheck(WorkerProcess worker, WorkerProcess other) {
    String old = String.valueOf(browser.cookie);
    String change = old + " became ";

    assertThat(browser.body(worker.port(), "/change?key=test")).isEqualTo("kept");

    assertThat(browser.cookie).isNotEqualTo(old);
    assertThat(worker.events()).contains(change + browser.cookie);
    assertThat(other.events()).doesNotContain(change);
    assertThat(browser.body(other.port(), "/read?key=test")).isEqualTo("kept");
    assertThat(Browser.with(old).body(other.port(), "/read?key=test")).isEqualTo("none");
  }
}
