package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undertow.server.session.Session;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two workers with a store of their own each, on the same files. */
class SharedSessionManagerTest {
  @TempDir Path directory;
  private TestApp first;
  private TestApp second;
  private final Browser browser = new Browser();

  @BeforeEach
  void start() {
    first = new TestApp(directory, 0, 1800);
    second = new TestApp(directory, 1, 1800);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private Session session(TestApp worker) {
    return Objects.requireNonNull(
        worker.manager.getSession(Objects.requireNonNull(browser.cookie)));
  }

  @Test
  void isSeenByTheOtherWorker() {
    browser.get(first.port(), "/create?value=hello");

    assertThat(browser.body(second.port(), "/get")).isEqualTo("hello");
    assertThat(first.events).containsExactly("created");
    assertThat(second.events).isEmpty();
  }

  @Test
  void refusesAnIdThatTheClientInvented() {
    Browser attacker = Browser.with("attacker-chosen-id");

    attacker.get(first.port(), "/create?value=x");

    assertThat(attacker.cookie).isNotEqualTo("attacker-chosen-id").hasSizeGreaterThan(30);
    assertThat(Browser.with("attacker-chosen-id").body(first.port(), "/get")).isEqualTo("none");
  }

  @Test
  void asksTheStoreForNoIdThatCannotBeOurs() {
    for (String id : new String[] {"../../etc/passwd", "a", "x".repeat(10_240), "bad id bad id"}) {
      assertThat(Browser.with(id).body(first.port(), "/get")).isEqualTo("none");
    }
    assertThat(first.sessions.store().statistics().misses()).isZero();
  }

  @Test
  void isWrittenBeforeARedirectIsSent() {
    int redirects = Integer.getInteger("tidepool.redirects", 300);
    for (int i = 0; i < redirects; i++) {
      TestApp from = i % 2 == 0 ? first : second;
      TestApp to = i % 2 == 0 ? second : first;
      assertThat(browser.get(from.port(), "/redirect").statusCode()).isEqualTo(302);
      assertThat(browser.body(to.port(), "/get?name=count")).isEqualTo(String.valueOf(i + 1));
    }
  }

  @Test
  void keepsWhatTwoWorkersChangeInDifferentAttributes() {
    browser.get(first.port(), "/create");
    Session here = session(first);
    Session there = session(second);

    here.setAttribute("a", "1");
    there.setAttribute("b", "2");

    assertThat(browser.body(first.port(), "/get?name=a")).isEqualTo("1");
    assertThat(browser.body(first.port(), "/get?name=b")).isEqualTo("2");
  }

  @Test
  void keepsTheLastOfWhatTwoWorkersSet() {
    browser.get(first.port(), "/create");
    Session here = session(first);
    Session there = session(second);

    here.setAttribute("a", "1");
    there.setAttribute("a", "2");
    here.setAttribute("a", "1");

    assertThat(browser.body(first.port(), "/get?name=a")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsWhatARequestSetsAfterTheAnswerToOneThatSetsAgain(boolean whole)
      throws InterruptedException {
    browser.get(first.port(), "/create?value=old");

    var late = browser.start(first.port(), "/set-again?value=" + whole);
    assertThat(first.answering.await(20, TimeUnit.SECONDS)).isTrue();
    browser.get(first.port(), "/set?value=new");
    first.setAgain.countDown();
    assertThat(late.join().statusCode()).isEqualTo(200);
    assertThat(first.hasSetAgain.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(browser.body(first.port(), "/get")).isEqualTo("new");
    assertThat(browser.body(second.port(), "/get")).isEqualTo("new");
  }

  @Test
  void noticesChangesInPlace() {
    browser.get(first.port(), "/create");
    browser.get(first.port(), "/add?value=one");
    browser.get(second.port(), "/add?value=two");

    assertThat(browser.body(first.port(), "/get?name=list")).isEqualTo("[one, two]");
  }

  @Test
  void changesItsIdAndLosesNothing() {
    browser.get(first.port(), "/create?value=kept");
    String old = browser.cookie;

    browser.get(second.port(), "/change");

    assertThat(browser.cookie).isNotEqualTo(old);
    assertThat(browser.body(first.port(), "/get")).isEqualTo("kept");
    assertThat(Browser.with(String.valueOf(old)).body(first.port(), "/get")).isEqualTo("none");
    assertThat(second.events).containsExactly("changed");
  }

  @Test
  void endsOnceWhenInvalidated() {
    browser.get(first.port(), "/create?value=last");
    Browser copy = Browser.with(String.valueOf(browser.cookie));

    browser.get(second.port(), "/invalidate");

    assertThat(copy.body(first.port(), "/get")).isEqualTo("none");
    assertThat(second.events).containsExactly("destroyed INVALIDATED last");
    assertThat(first.sessions.store().statistics().sessions()).isZero();
  }

  @Test
  void isNotBroughtBackByARequestThatEndsLater() {
    browser.get(first.port(), "/create");
    Session kept = session(first);
    browser.get(second.port(), "/invalidate");

    kept.setAttribute("late", "x");

    assertThat(kept.isInvalid()).isTrue();
    assertThat(first.sessions.store().statistics().sessions()).isZero();
    assertThatThrownBy(() -> kept.invalidate(null)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void outlivesItsManager() {
    browser.get(first.port(), "/create?value=stays");

    first.manager.stop();

    assertThat(browser.body(second.port(), "/get")).isEqualTo("stays");
    assertThat(first.events).containsExactly("created");
  }

  @Test
  void expiresOnceForAllWorkers() {
    browser.get(first.port(), "/create?value=gone");
    browser.get(first.port(), "/timeout?value=1");

    Poll.until(
        () -> {
          first.sessions.tick();
          second.sessions.tick();
          return first.sessions.store().statistics().sessions() == 0;
        });

    assertThat(first.events.size() + second.events.size()).isEqualTo(2);
    assertThat(first.events).contains("destroyed TIMEOUT gone");
    assertThat(first.sessions.store().statistics().expired()).isEqualTo(1);
  }

  @Test
  void isUsedByARequestThatDoesNotLookAtIt() {
    browser.get(first.port(), "/create?value=kept");
    long created = session(first).getLastAccessedTime();

    Poll.until(
        () -> {
          browser.get(first.port(), "/without");
          return session(second).getLastAccessedTime() > created;
        });

    assertThat(browser.body(second.port(), "/get")).isEqualTo("kept");
  }

  @Test
  void isWrittenIfFirstLookedForAfterTheAnswerBegan() {
    browser.get(first.port(), "/create");

    assertThat(browser.get(first.port(), "/late").statusCode()).isEqualTo(200);

    Poll.until(() -> browser.body(second.port(), "/get?name=count").equals("1"));
  }

  @Test
  void doesNotExpireUnderARequest() {
    browser.get(first.port(), "/create?value=1");
    browser.get(first.port(), "/timeout?value=1");
    var running = browser.start(first.port(), "/hold?name=count&value=2500");

    while (!running.isDone()) {
      first.sessions.tick();
      second.sessions.tick();
      Poll.pause();
    }

    assertThat(running.join().body()).isEqualTo("1");
    assertThat(second.events).isEmpty();
    assertThat(browser.body(second.port(), "/get?name=count")).isEqualTo("1");
  }

  @Test
  void refusesAnAttributeThatIsTooLong() {
    browser.get(first.port(), "/create?value=small");

    assertThat(browser.get(first.port(), "/big?value=1000000").statusCode()).isEqualTo(500);

    assertThat(browser.body(second.port(), "/get")).isEqualTo("small");
  }

  @Test
  void answers503WhenThePoolIsFull() {
    for (int i = 0; i < 1000; i++) {
      byte[] value = Stores.value(i, 10);
      first.sessions.store().update(Stores.key(i), old -> value);
    }

    assertThat(browser.get(first.port(), "/create").statusCode()).isEqualTo(503);
    assertThat(first.manager.getStatistics().getRejectedSessions()).isPositive();
  }

  @Test
  void countsForTheWholePool() {
    new Browser().get(first.port(), "/create");
    new Browser().get(second.port(), "/create");

    assertThat(first.manager.getStatistics().getActiveSessionCount()).isEqualTo(2);
    assertThat(second.manager.getStatistics().getCreatedSessionCount()).isEqualTo(2);
    assertThat(first.manager.getAllSessions()).hasSize(2);
    assertThat(first.manager.getTransientSessions()).isEmpty();
  }

  @Test
  void isShownAndDroppedByTheOperator() {
    browser.get(first.port(), "/create?value=secret");
    String id = String.valueOf(browser.cookie);

    var shown = second.sessions.admin().show(TestApp.NAME, id).orElseThrow();
    assertThat(shown.attributes()).singleElement().extracting("name").isEqualTo("n");
    assertThat(shown.toString()).doesNotContain("secret");
    assertThat(second.sessions.admin().verify().problems()).isEmpty();
    assertThat(second.sessions.admin().drop(TestApp.NAME, id)).isTrue();

    assertThat(browser.body(first.port(), "/get")).isEqualTo("none");
    first.sessions.tick();
    assertThat(first.events).contains("destroyed TIMEOUT secret");
    assertThat(second.sessions.admin().drop(TestApp.NAME, id)).isFalse();
  }
}
