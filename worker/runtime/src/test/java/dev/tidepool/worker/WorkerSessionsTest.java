package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.session.SessionAdmin;
import io.undertow.server.HttpHandler;
import io.undertow.util.Sessions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerSessionsTest {
  private static final HttpHandler COUNTER =
      exchange -> {
        var session = Sessions.getOrCreateSession(exchange);
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        exchange.getResponseSender().send(count + " " + session.getId());
      };

  private static final AppSettings APP =
      new AppSettings(
          "app", Path.of("a.jar"), "/", List.of(), Optional.empty(), ConfigFactory.empty());

  @TempDir Path directory;

  private Settings settings(String... sets) throws Exception {
    Stream<String> own = Stream.of("sessions.dir=" + directory, "sessions.capacity=1000");
    return TestPool.settings(Stream.concat(own, Stream.of(sets)).toArray(String[]::new));
  }

  private WorkerSessions open(TestPool pool, String... sets) throws Exception {
    var sessions = new WorkerSessions(settings(sets), pool.posix, () -> 0);
    sessions.open();
    return sessions;
  }

  private static HttpHandler counter(WorkerSessions sessions) {
    return sessions.of(APP).attach(COUNTER, WorkerSessionsTest.class.getClassLoader(), List.of());
  }

  private static SessionAdmin admin(WorkerSessions sessions) {
    return Objects.requireNonNull(sessions.admin());
  }

  private static String request(String cookie) {
    return "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n";
  }

  @Test
  void sharesASessionWithTheOtherWorkersUnderTheConfiguredCookie() throws Exception {
    try (var pool = new TestPool(directory, 1);
        var sessions = open(pool, "sessions.cookie=TIDE");
        var others = open(pool)) {
      pool.serving(0, counter(sessions));
      try (var client = new RawClient(pool.port)) {
        RawClient.Answer first = client.get("/");
        String cookie = first.headers().getOrDefault("set-cookie", "");
        assertThat(cookie).startsWith("TIDE=").containsIgnoringCase("httponly").contains("Path=/");
        client.send(request(cookie.split(";", 2)[0]));
        assertThat(client.read().body()).startsWith("2 ");
        assertThat(admin(others).show("/", first.body().substring(2))).isPresent();
      }
    }
  }

  @Test
  void doesNotAdoptAnIdThatTheClientInvented() throws Exception {
    try (var pool = new TestPool(directory, 1);
        var sessions = open(pool)) {
      pool.serving(0, counter(sessions));
      try (var client = new RawClient(pool.port)) {
        client.send(request("JSESSIONID=chosen-by-attacker"));
        RawClient.Answer answer = client.read();
        assertThat(answer.body()).startsWith("1 ").doesNotContain("chosen-by-attacker");
        assertThat(answer.headers().get("set-cookie")).startsWith("JSESSIONID=");
      }
    }
  }

  @Test
  void keepsWhatTheWarmUpMakesOutOfTheStore() throws Exception {
    try (var pool = new TestPool(directory, 1);
        var sessions = open(pool)) {
      Service worker = pool.worker(0, counter(sessions));
      int requests = new WarmUpRun(settings(), worker).run();
      assertThat(requests).isPositive();
      assertThat(admin(sessions).statistics().sessions()).isZero();
    }
  }

  @Test
  void saysWhatIsWrongWithTheDirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (var pool = new TestPool(directory, 1)) {
      assertThatThrownBy(() -> open(pool, "sessions.dir=" + file))
          .isInstanceOf(AppFailure.class)
          .hasMessage("sessions.dir=" + file + " is no directory");
    }
  }
}
