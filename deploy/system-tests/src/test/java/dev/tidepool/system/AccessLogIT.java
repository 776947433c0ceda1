package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The access log of two workers in one file: whole lines, none of them made by a client. */
@Timeout(120)
final class AccessLogIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig(
          "access-log { enabled = true, file = \"@DIR@/access.log\", format = json }");

  @Test
  void tellsOfEachRequestAndNoWarmUp() throws IOException {
    String injected = "X-Request-Id: 1\" , x\r\nUser-Agent: a\"b\\\r\nReferer: \u00e4\u0085\r\n";
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    try (var connection = HttpConnection.open(server.address())) {
      var answer = connection.exchange("GET", "/hello?a=%0a", new byte[0], injected);
      assertThat(answer.headers().get("x-request-id")).matches("[0-9a-f]{32}");
      connection.exchange("POST", "/session/counter", new byte[0], "");
      connection.exchange(
          "GET",
          "/hello",
          new byte[0],
          "X-Request-Id: mine-1\r\ntraceparent: " + parent + "\r\nCookie: JSESSIONID=abc\r\n");
    }
    assertThat(Wire.statuses(server.address(), "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n"))
        .containsExactly("400");
    eventually(SOON, () -> assertThat(lines("access.log")).hasSize(4));

    List<Config> lines = lines("access.log").stream().map(ConfigFactory::parseString).toList();
    Config first = lines.get(0);
    assertThat(first.getString("request")).isEqualTo("GET /hello?a=%0a HTTP/1.1");
    assertThat(first.getInt("status")).isEqualTo(200);
    assertThat(first.getString("user_agent")).isEqualTo("a\"b\\");
    assertThat(first.getString("referer")).isEqualTo("\u00e4\u0085");
    assertThat(first.getString("remote_addr")).isEqualTo("127.0.0.1");
    assertThat(server.pids().get(first.getInt("slot"))).isEqualTo(first.getInt("pid"));
    assertThat(first.getInt("generation")).isEqualTo(1);
    assertThat(first.getLong("duration_us")).isPositive();
    Config third = lines.get(2);
    assertThat(third.getString("request_id")).isEqualTo("mine-1");
    assertThat(third.getString("traceparent")).isEqualTo(parent);
    assertThat(third.getString("session")).matches("[0-9a-f]{12}");
    assertThat(lines.get(3).getInt("status")).isEqualTo(400);
  }

  @Test
  void losesNoLineToLogrotateReloadAndTerm() throws IOException {
    try (var load = Load.on(server.address()).keepingConnections(4)) {
      load.start();
      for (int i = 1; i <= 3; i++) {
        Files.move(log("access.log"), log("access.log." + i));
        assertThat(server.cli("reopen-logs").exitCode()).isZero();
        eventually(SOON, () -> assertThat(lines("access.log")).isNotEmpty());
      }
      assertThat(server.reload().exitCode()).isZero();
      load.stop().assertNothingLost();
    }
    int answered = 0;
    try (var connection = HttpConnection.open(server.address())) {
      for (; answered < 200; answered++) {
        connection.exchange("GET", "/hello?last", new byte[0], "");
      }
    }
    server.signalMaster(Signal.TERM);
    server.awaitExit(Duration.ofSeconds(30));
    assertThat(lines("access.log").stream().filter(line -> line.contains("/hello?last")))
        .hasSize(answered);
    for (String file : List.of("access.log", "access.log.1", "access.log.2", "access.log.3")) {
      assertThat(lines(file)).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }
  }

  private Path log(String name) {
    return server.directory().root().resolve(name);
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(log(name));
  }
}
