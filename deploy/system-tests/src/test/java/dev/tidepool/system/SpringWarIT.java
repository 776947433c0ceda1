package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Spring Boot application as a WAR: what its log-in and its forms keep in the session. */
@Timeout(300)
final class SpringWarIT {
  private static final Pattern TOKEN =
      Pattern.compile("name=\"_csrf\" type=\"hidden\" value=\"([^\"]+)\"");

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "app.path = \"" + Wars.path("spring") + "\"",
          "sessions.allowed-classes = [\"org.springframework.*\"]",
          "workers.heap = 128 MiB",
          "warm-up.limit = 0 s");

  private final WebBrowser browser = new WebBrowser(server.address());

  @Test
  void aFormHalfFilledInOutlivesReloadsAndACrash() {
    String page = browser.page("/order");
    assertThat(page).contains("Please sign in");
    page = submit("/login", page, "username=ann&password=secret");
    // The page that asked for the log-in comes back from the session.
    assertThat(page).contains("name=\"item\"", "page 1<");
    page = submit("/order/item", page, "item=tea");
    assertThat(page).contains("name=\"street\"", "page 2<");
    int seen = 2;
    for (int reload = 1; reload <= 3; reload++) {
      assertThat(server.reload().exitCode()).isZero();
      assertThat(browser.page("/")).contains("Welcome, ann", "page " + ++seen + "<");
      if (reload == 2) {
        server.signal(server.pids().get(0), Signal.KILL);
        assertThat(browser.page("/")).contains("Welcome, ann", "page " + ++seen + "<");
        server.awaitServing(2);
      }
    }
    page = submit("/order/street", page, "street=High+Street");
    assertThat(page).contains("name=\"sure\"");
    page = submit("/order/confirm", page, "sure=yes");
    assertThat(page).contains("ann gets tea to High Street", "page 8<");
    assertThat(server.log()).doesNotContain("\tat ", "cannot be decoded");
  }

  /** As the form on the page does it. */
  private String submit(String action, String page, String fields) {
    Matcher token = TOKEN.matcher(page);
    assertThat(token.find()).as(page).isTrue();
    return browser
        .post(action, "application/x-www-form-urlencoded", fields + "&_csrf=" + token.group(1))
        .body();
  }
}
