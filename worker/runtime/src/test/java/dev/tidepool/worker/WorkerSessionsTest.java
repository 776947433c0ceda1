package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.HttpHandler;
import io.undertow.util.Sessions;
import java.nio.file.Path;
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

  @TempDir Path directory;

  private static String request(String cookie) {
    return "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n";
  }

  @Test
  void keepsASessionUnderTheConfiguredCookie() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, COUNTER, "sessions.cookie=TIDE");
      try (var client = new RawClient(pool.port)) {
        RawClient.Answer first = client.get("/");
        String cookie = first.headers().getOrDefault("set-cookie", "");
        assertThat(cookie).startsWith("TIDE=").containsIgnoringCase("httponly").contains("Path=/");
        client.send(request(cookie.split(";", 2)[0]));
        assertThat(client.read().body()).startsWith("2 ");
      }
    }
  }

  @Test
  void doesNotAdoptAnIdThatTheClientInvented() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, COUNTER);
      try (var client = new RawClient(pool.port)) {
        client.send(request("JSESSIONID=chosen-by-attacker"));
        RawClient.Answer answer = client.read();
        assertThat(answer.body()).startsWith("1 ").doesNotContain("chosen-by-attacker");
        assertThat(answer.headers().get("set-cookie")).startsWith("JSESSIONID=");
      }
    }
  }
}
