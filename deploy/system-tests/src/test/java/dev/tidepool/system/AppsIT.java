package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several apps in one pool: jars and WARs, at contexts and hosts of their own. */
@TestMethodOrder(OrderAnnotation.class) // the reloads come last
final class AppsIT {
  private static final String[] CONFIG = {
    """
    apps = [
      { path = "@DIR@/app.jar", settings.version = root }
      { path = "@DIR@/shop.war", context = /shop }
      { path = "@DIR@/app.jar", context = /shop/api, settings.version = api }
      { path = "@DIR@/own.jar", host = ["Own.example.org", "*.example.net"], settings.version = own }
    ]
    """,
    "proxies.trusted = [\"127.0.0.1\"]",
    "health.checks { interval = 100 ms, app.path = /version }",
    "workers.heap = 128 MiB"
  };
  private static final String OWN = "http://own.EXAMPLE.org:8080";
  private static final Pattern URL = Pattern.compile("http://([^/]*)(/.*)");
  private static final String COUNTER = "/session/counter";

  @RegisterExtension
  static final TidepoolServer server = TidepoolServer.withConfig(CONFIG).notStarted();

  @BeforeAll
  static void start() {
    write("shop.war", Wars.war("A"));
    write("own.jar", Jars.demo("A"));
    server.start();
  }

  private static void write(String name, byte[] app) {
    server.directory().write(file(name), app);
  }

  private static Path file(String name) {
    return server.directory().root().resolve(name);
  }

  /** Of a path, or of a URL whose host a proxy forwards; {@code headers} end with CR LF. */
  private static HttpConnection.Answer ask(String method, String target, String... headers)
      throws IOException {
    Matcher url = URL.matcher(target);
    String host =
        url.matches()
            ? "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Host: " + url.group(1) + "\r\n"
            : "";
    try (var connection = HttpConnection.open(server.address())) {
      String all = "Connection: close\r\n" + host + String.join("", headers);
      return connection.exchange(method, url.matches() ? url.group(2) : target, new byte[0], all);
    }
  }

  private static String body(String target) throws IOException {
    return ask("GET", target).body();
  }

  @Test
  @Order(1)
  void theHostChoosesAndThenTheLongestContext() throws Exception {
    assertThat(body("/version")).endsWith("root\n");
    assertThat(body("/shop/version")).isEqualTo("A");
    assertThat(body("/shop/api/version")).endsWith("api\n");
    assertThat(body("/shopping")).doesNotContain("lost?");
    assertThat(ask("GET", "/shop").headers().get("location")).endsWith("/shop/");
    assertThat(body(OWN + "/version")).endsWith("own\n");
    assertThat(body("http://a.b.example.net/version")).endsWith("own\n");
    assertThat(body("http://example.net/version")).endsWith("root\n");
    assertThat(body("http://own.example.org/shop/version")).doesNotContain("A");
    assertThat(server.cli("status").output())
        .contains("app /shop/api, ", "app / of own.example.org, *.example.net, ");
  }

  /** Adds one in the app there; the cookie that is sent, and then the one that is had. */
  private static String count(String at, String cookie, int expected) throws IOException {
    var answer = ask("POST", at + COUNTER, cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n");
    assertThat(answer.body()).contains("\"count\":" + expected + ",");
    String given = answer.headers().get("set-cookie");
    if (given == null) {
      return cookie;
    }
    String context = at.startsWith("http") || at.isEmpty() ? "/" : at;
    assertThat(List.of(given.split("; ?", -1))).containsAnyOf("path=" + context, "Path=" + context);
    return given.split(";", 2)[0];
  }

  @Test
  @Order(2)
  void noAppOpensTheSessionsOfAnother() throws Exception {
    String root = count("", "", 1);
    count("", root, 2);
    String same = count("/shop/api", root, 1);
    count(OWN, root, 1);
    count("", root, 3);
    count("/shop/api", same, 2);
    var cart = ask("GET", "/shop/cart", "Cookie: " + root + "\r\n");
    assertThat(cart.body()).startsWith("1 ");
    assertThat(cart.headers().get("set-cookie")).containsIgnoringCase("path=/shop");
  }

  @Test
  @Order(2)
  void aSessionOfSeveralAppsIsShownForEach() throws Exception {
    String cookie = count("", "", 1);
    count("/shop/api", cookie, 1);
    String id = cookie.substring(cookie.indexOf('=') + 1);
    assertThat(server.cli("sessions", "show", id).output())
        .contains("session " + id + " of app /: ", "session " + id + " of app /shop/api: ");
  }

  /** Browsers send the cookie of the longer path first. */
  @Test
  @Order(3)
  void ofTheCookiesOfTwoAppsEachFindsItsOwn() throws Exception {
    String root = count("", "", 1);
    String api = count("/shop/api", "", 1);
    count("/shop/api", api + "; " + root, 2);
    count("/shop/api", api + "; " + root, 3);
    count("", root, 2);
  }

  @Test
  @Order(4)
  void aReloadBringsAllAppsAndKeepsTheirSessions() throws Exception {
    String root = count("", "", 1);
    String own = count(OWN, "", 1);
    try (var load = Load.on(server.address()).keepingConnections(2).newConnections(2).start()) {
      write("own.jar", Jars.demo("B"));
      write("shop.war", Wars.war("B"));
      Cli.Result reload = server.reload();
      assertThat(reload.exitCode()).as(reload.output()).isZero();
      load.stop().assertNothingLost();
    }
    assertThat(body(OWN + "/version")).startsWith("B");
    assertThat(body("/shop/version")).isEqualTo("B");
    assertThat(body("/version")).doesNotStartWith("B");
    count("", root, 2);
    count(OWN, own, 2);
  }

  @Test
  @Order(5)
  void oneBadAppAmongSeveralIsNamedAndAllServeOn() throws Exception {
    List<Integer> before = server.awaitServing(2).pids();
    write("shop.war", Wars.broken());
    refused("apps.1.path=" + file("shop.war"));
    Files.delete(file("shop.war"));
    refused("apps.1.path=" + file("shop.war") + ": no such file");
    write("shop.war", Wars.war("C"));
    write("own.jar", Jars.withoutItsClass());
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).as(reload.output()).isEqualTo(1);
    assertThat(reload.output()).contains("apps.3: ", "com.example.Missing");
    assertThat(body("/shop/version")).isEqualTo("B");
    assertThat(body(OWN + "/version")).startsWith("B");
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
  }

  private static void refused(String reason) {
    Cli.Result check = server.cli("check", "--config", server.config().toString());
    assertThat(check.exitCode()).as(check.output()).isEqualTo(78);
    assertThat(check.output()).contains(reason);
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).as(reload.output()).isEqualTo(1);
    assertThat(reload.output()).contains(reason);
  }
}
