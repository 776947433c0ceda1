package dev.tidepool.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemoAppTest {
  private static final long PID = ProcessHandle.current().pid();

  @Test
  void helloNamesTheProcess() throws Exception {
    try (var server = new DemoServer("")) {
      HttpResponse<String> answer = server.get("/hello");
      assertThat(answer.body()).isEqualTo("Hello from Tidepool, pid=" + PID + "\n");
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain");
    }
  }

  @Test
  void versionIsTheBuildThenTheSetting() throws Exception {
    try (var server = new DemoServer("version = blue")) {
      assertThat(server.get("/version").body()).matches("[0-9]+\\.[0-9]+\\S* blue\n");
    }
  }

  @Test
  void thePageShowsWhoAnsweredAndNeedsNothingFromElsewhere() throws Exception {
    try (var server = new DemoServer("version = \"<b>\"")) {
      HttpResponse<String> answer = server.get("/");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
      assertThat(answer.body())
          .contains("<span id=\"pid\">" + PID + "</span>")
          .contains("<dd>&lt;b&gt;</dd>")
          .contains("<dd>7</dd>")
          .doesNotContain("{{", "http://", "https://");
    }
  }

  @Test
  void sleepTakesThatLong() throws Exception {
    try (var server = new DemoServer("")) {
      long start = System.nanoTime();
      assertThat(server.get("/sleep?ms=150").statusCode()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
      assertThat(server.get("/sleep?ms=-1").statusCode()).isEqualTo(400);
      assertThat(server.get("/sleep?ms=long").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void theCounterGrowsWithEachPostOfASession() throws Exception {
    try (var server = new DemoServer("")) {
      HttpResponse<String> first = server.post("/session/counter", "");
      String cookie =
          first.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
      String session = cookie.substring(cookie.indexOf('=') + 1);
      assertThat(first.body()).isEqualTo(counter(1, session));
      assertThat(server.post("/session/counter?hold=1", "", "Cookie", cookie).body())
          .isEqualTo(counter(2, session));
      assertThat(server.get("/session/counter", "Cookie", cookie).body())
          .isEqualTo(counter(2, session));
      assertThat(server.post("/session/counter?hold=x", "", "Cookie", cookie).statusCode())
          .isEqualTo(400);
      assertThat(server.post("/session/counter", "").body()).startsWith("{\"count\":1,");
    }
  }

  @Test
  void anInventedSessionIdCannotBreakOutOfTheJson() {
    assertThat(SessionCounter.escape("a-B_9.~\"\\\n")).isEqualTo("a-B_9.~\\u0022\\u005c\\u000a");
  }

  @Test
  void echoSendsTheBodyBack() throws Exception {
    try (var server = new DemoServer("")) {
      String large = "tide ".repeat(100_000);
      assertThat(server.post("/echo", large).body()).isEqualTo(large);
      assertThat(server.post("/echo", "").body()).isEmpty();
      assertThat(
              server
                  .post("/echo", "{}", "Content-Type", "application/json")
                  .headers()
                  .firstValue("Content-Type"))
          .contains("application/json");
      assertThat(server.get("/echo").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void staticFilesComeFromTheClassPathAndNothingElse() throws Exception {
    try (var server = new DemoServer("")) {
      assertThat(server.get("/static/tide.txt").body()).startsWith("The tide comes in");
      assertThat(server.get("/static/tide.svg").headers().firstValue("Content-Type"))
          .contains("image/svg+xml");
      assertThat(server.get("/static/../version.txt").statusCode()).isEqualTo(404);
      assertThat(server.get("/static/%2e%2e/version.txt").statusCode()).isEqualTo(404);
      assertThat(server.get("/static/absent").statusCode()).isEqualTo(404);
      assertThat(server.get("/absent").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void thereAreNoFaultsUnlessAskedFor() throws Exception {
    try (var server = new DemoServer("")) {
      assertThat(server.get("/fault/halt").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void failRequestsSparesTheWorkersOwn() throws Exception {
    try (var server = new DemoServer("fail-requests = true")) {
      assertThat(server.get("/hello").statusCode()).isEqualTo(500);
      assertThat(server.get("/hello", "Warm-Up", "yes").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void logRequestsPrintsALineForEachRequestOfAClient() throws Exception {
    var printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (var server = new DemoServer("log-requests = true")) {
      server.get("/hello?a=%0Ab");
      server.get("/nothing%0Ahere");
      server.get("/hello", "Warm-Up", "yes");
    } finally {
      System.setOut(out);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo("GET /hello\nGET /nothing%0Ahere\n");
  }

  @Test
  void startCanFail() {
    assertThatThrownBy(() -> new DemoServer("fail-start = true"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fail-start");
  }

  @Test
  void startAndStopCanBeSlow() throws Exception {
    long start = System.nanoTime();
    try (var server = new DemoServer("start-delay = 100 ms, stop-delay = 100 ms")) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(99));
      start = System.nanoTime();
      server.get("/hello");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(99));
  }

  @Test
  void startCanBlockForGood() throws Exception {
    var context = new DemoServer.Context(ConfigFactory.parseString("block-start = true"));
    var starting =
        new Thread(
            () -> {
              try {
                new DemoApp().start(context);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    starting.setDaemon(true);
    starting.start();
    starting.join(200);
    starting.interrupt();
    starting.join(200);
    assertThat(starting.isAlive()).isTrue();
  }

  private static String counter(int count, String session) {
    return "{\"count\":" + count + ",\"session\":\"" + session + "\",\"pid\":" + PID + "}";
  }
}
