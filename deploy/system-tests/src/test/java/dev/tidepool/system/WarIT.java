package dev.tidepool.system;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WARs: ours, with a bit of everything, and some of others. */
@Timeout(300)
@TestMethodOrder(OrderAnnotation.class) // fewer deploys, since each leaves the WAR of the next
final class WarIT {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String USERS =
      "servlet.users { ann { password = secret, roles = [member, jolokia, roleA, user] } }";

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(USERS, "workers.heap = 128 MiB", "warm-up.limit = 0 s");

  private static byte[] deployed = {};

  /** Brings a WAR into service, unless it is. */
  private static void deploy(byte[] war) {
    if (!Arrays.equals(deployed, war)) {
      server.replaceApp(war);
      Cli.Result reload = server.reload();
      assertThat(reload.exitCode()).as(reload.output()).isZero();
      deployed = war;
    }
  }

  private static WebBrowser browser() {
    return new WebBrowser(server.address());
  }

  @Test
  @Order(3)
  void aLogInAndACartOutliveCrashesAndReloads() {
    deploy(Wars.war("A"));
    var browser = browser();
    assertThat(browser.page("/members/cart")).isEqualTo("please log in");
    assertThat(browser.post("/j_security_check", FORM, "j_username=ann&j_password=no").body())
        .isEqualTo("that was wrong");
    assertThat(browser.page("/members/cart")).isEqualTo("please log in");
    // The request that asked for the log-in comes back from the session.
    assertThat(browser.post("/j_security_check", FORM, "j_username=ann&j_password=secret").body())
        .startsWith("1 ")
        .endsWith(" ann A hello 1");
    assertThat(browser.page("/members/facts")).contains("customer true");
    int items = 1;
    for (String version : new String[] {"A", "B", "C"}) {
      int victim = Integer.parseInt(browser.page("/members/cart").split(" ", -1)[1]);
      items++;
      server.signal(victim, Signal.KILL);
      assertThat(browser.page("/members/cart"))
          .startsWith(++items + " ")
          .endsWith(" ann " + version + " hello 1");
      server.awaitServing(2);
      deploy(Wars.war(version.equals("A") ? "B" : "C"));
    }
    assertThat(browser.page("/members/cart")).startsWith(++items + " ");
  }

  @Test
  @Order(1)
  void servesWhatTheSpecificationAsksFor() {
    deploy(Wars.war("A"));
    var browser = browser();
    HttpResponse<String> front = browser.get("/");
    assertThat(front.body()).isEqualTo("the front page\n");
    String tag = front.headers().firstValue("ETag").orElseThrow();
    assertThat(browser.get("/", "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(browser.get("/", "Range", "bytes=4-8").body()).isEqualTo("front");
    HttpResponse<String> ranges = browser.get("/", "Range", "bytes=0-2,4-8");
    assertThat(ranges.statusCode()).isEqualTo(200);
    assertThat(ranges.body()).isEqualTo("the front page\n");
    assertThat(browser.page("/from-jar.txt")).isEqualTo("from the jar");
    assertThat(browser.get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(browser.page("/nowhere")).isEqualTo("lost?");
    assertThat(browser.get("/WEB-INF/web.xml").statusCode()).isEqualTo(404);
    assertThat(browser.page("/squares.jsp").split("\\s+", -1))
        .containsSubsequence("squares:", "1;4;9;");
    assertThat(browser.upload("/upload", "grün.txt", "12345")).isEqualTo("grün.txt 5");
    assertThat(browser.page("/facts").lines())
        .containsExactly(
            "injected 7",
            "constructed with hello",
            "looked up 7",
            "below a context 7",
            "the same hello",
            "listed greeting",
            "listed limits",
            "listed salute",
            "not there: java:comp/env/jdbc/orders is no env-entry of the WAR,"
                + " and there are no other resources",
            "of web.xml said",
            "of the fragment said",
            "first fragment facts",
            "started 1",
            "customer false");
  }

  @Test
  @Order(2)
  void speaksWebSocket() {
    deploy(Wars.war("A"));
    assertThat(answer("/echo")).isEqualTo("echo hello");
    assertThat(answer("/loud")).isEqualTo("HELLO");
  }

  /** To a hello. */
  private static String answer(String path) {
    var answer = new CompletableFuture<String>();
    WebSocket socket =
        browser()
            .client()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + server.address().getPort() + path),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    answer.complete(data.toString());
                    return CompletableFuture.completedFuture(null);
                  }
                })
            .join();
    socket.sendText("hello", true).join();
    assertThat(answer).succeedsWithin(ofSeconds(10));
    socket.abort();
    return answer.join();
  }

  @Test
  @Order(4)
  void underLoadEveryAnswerIsOfOneVersionOrTheOther() {
    deploy(Wars.war("C"));
    var browser = browser();
    assertThat(browser.page("/cart")).startsWith("1 ").contains(" C ");
    try (var load =
        Load.on(server.address())
            .path("/version")
            .expect("C")
            .keepingConnections(4)
            .newConnections(2)
            .start()) {
      load.expect("C", "D");
      deploy(Wars.war("D"));
      load.expect("D");
      load.awaitAnswers(50);
      load.stop().assertNothingLost();
    }
    assertThat(browser.page("/cart")).startsWith("2 ").contains(" D ");
  }

  @Test
  @Order(5)
  void aBrokenWarLeavesTheOldOneInService() {
    deploy(Wars.war("D"));
    server.replaceApp(Wars.broken());
    assertThat(server.cli("check", "--config", server.config().toString()).output())
        .contains("WEB-INF/web.xml");
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).isEqualTo(1);
    assertThat(reload.output()).contains("app.path=", "WEB-INF/web.xml");
    server.replaceApp(Wars.ofAnotherServer());
    assertThat(server.reload().output())
        .contains(
            "needs a full Jakarta EE server",
            "<ejb-ref>",
            "<resource-ref> jdbc/orders javax.sql.DataSource");
    server.replaceApp(Wars.ofDataSource());
    assertThat(server.reload().output())
        .contains("DataSourceServlet.orders: there are no resources of type javax.sql.DataSource");
    assertThat(browser().page("/cart")).contains(" D ");
    server.replaceApp(Wars.war("D"));
  }

  @Test
  @Order(6)
  void aDirectoryBelowAContextPathIsAWarToo() throws Exception {
    Path tree = server.directory().root().resolve("tree");
    for (Map.Entry<String, byte[]> file : Wars.files("tree").entrySet()) {
      Path path = tree.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    server.configure(USERS, "app { path = \"" + tree + "\", context = \"/shop\" }");
    assertThat(server.reload().exitCode()).isZero();
    var browser = browser();
    assertThat(browser.page("/shop/cart")).startsWith("1 ").contains(" tree ");
    assertThat(browser.page("/shop/cart")).startsWith("2 ");
    assertThat(browser.page("/shop/")).isEqualTo("the front page\n");
    assertThat(browser.get("/cart").statusCode()).isEqualTo(404);
    server.configure(USERS, "workers.heap = 128 MiB", "warm-up.limit = 0 s");
    deployed = new byte[0];
  }

  @Test
  @Order(7)
  void runsJolokia() {
    deploy(Wars.ofOthers("jolokia"));
    assertThat(browser().get("/version").statusCode()).isEqualTo(401);
    String ann = Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(browser().get("/version", "Authorization", "Basic " + ann).body())
        .contains("\"agent\":\"2.0.0\"");
  }

  @Test
  @Order(8)
  void runsTheJspsOfJetty() {
    deploy(Wars.ofOthers("jsp"));
    var browser = browser();
    assertThat(browser.page("/jstl.jsp")).contains("<h1>JSTL Example", "10\n");
    assertThat(browser.page("/tag.jsp")).contains("GMT").contains("+0000");
    assertThat(browser.page("/foo/")).isEqualTo(browser.page("/foo/foo.jsp"));
    int seen = 0;
    assertThat(browser.page("/bean1.jsp")).contains("Counter accessed " + ++seen + " times");
    server.signal(server.pids().get(0), Signal.KILL);
    assertThat(browser.page("/bean1.jsp")).contains("Counter accessed " + ++seen + " times");
    server.awaitServing(2);
    for (int reload = 1; reload <= 3; reload++) {
      assertThat(server.reload().exitCode()).isZero();
      assertThat(browser.page("/bean1.jsp")).contains("Counter accessed " + ++seen + " times");
    }
  }

  @Test
  @Order(9)
  void keepsWhoIsLoggedInToTheLogInOfJetty() {
    deploy(Wars.ofOthers("jaas"));
    var browser = browser();
    assertThat(browser.page("/auth.html")).contains("Enter your username and password");
    assertThat(browser.post("/j_security_check", FORM, "j_username=ann&j_password=no").body())
        .doesNotContain("You are AUTHENTICATED");
    // The page that asked for the log-in comes back from the session.
    assertThat(browser.page("/auth.html")).contains("Enter your username and password");
    assertThat(browser.post("/j_security_check", FORM, "j_username=ann&j_password=secret").body())
        .contains("You are AUTHENTICATED");
    for (int reload = 1; reload <= 3; reload++) {
      assertThat(server.reload().exitCode()).isZero();
      assertThat(browser.page("/auth.html")).contains("You are AUTHENTICATED");
    }
    for (int victim : server.pids()) {
      server.signal(victim, Signal.KILL);
      assertThat(browser.page("/auth.html")).contains("You are AUTHENTICATED");
      server.awaitServing(2);
    }
    assertThat(browser.page("/logout.jsp")).contains("You are now logged out.");
    assertThat(browser.page("/auth.html")).contains("Enter your username and password");
  }

  @Test
  @Order(10)
  void keepsWhatTheFormOfJettyIsFilledInWith() {
    server.configure(
        USERS,
        "sessions.allowed-classes = [org.eclipse.jetty.util.MultiMap]",
        "workers.heap = 128 MiB",
        "warm-up.limit = 0 s");
    deploy(Wars.ofJetty());
    var browser = browser();
    assertThat(browser.page("/auth2/index.html")).contains("FORM Authentication demo");
    assertThat(
            browser
                .post("/auth2/j_security_check", FORM, "j_username=ann&j_password=secret")
                .body())
        .contains("You have successfully authenticated");
    List<String> filledIn = new ArrayList<>();
    fillIn(browser, filledIn);
    for (int reload = 1; reload <= 3; reload++) {
      assertThat(server.reload().exitCode()).isZero();
      fillIn(browser, filledIn);
    }
    for (int victim : server.pids()) {
      server.signal(victim, Signal.KILL);
      fillIn(browser, filledIn);
      server.awaitServing(2);
    }
    assertThat(browser.page("/auth2/index.html")).contains("You have successfully authenticated");
    browser.post("/session/", FORM, "Action=Invalidate");
    assertThat(browser.page("/session/")).doesNotContain("answer1");
    assertThat(browser.page("/auth2/index.html")).contains("FORM Authentication demo");
  }

  /** One step of many: the page then shows what all of them filled in. */
  private static void fillIn(WebBrowser browser, List<String> filledIn) {
    int step = filledIn.size() + 1;
    filledIn.add("<b>question" + step + ":</b> answer" + step + "<br/>");
    assertThat(
            browser
                .post(
                    "/session/",
                    FORM,
                    "Name=question" + step + "&Value=answer" + step + "&Action=Set")
                .body())
        .contains(filledIn);
  }
}
