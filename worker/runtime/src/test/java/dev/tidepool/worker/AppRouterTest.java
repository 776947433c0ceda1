package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import io.undertow.server.HttpHandler;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppRouterTest {
  @TempDir Path directory;

  /** Each app says its place in the list, and the path that it sees. */
  private static HttpHandler router(Settings settings) {
    List<HttpHandler> handlers =
        settings.apps().stream().map(AppSettings::key).map(AppRouterTest::app).toList();
    return AppRouter.of(settings.apps(), handlers);
  }

  private static HttpHandler app(String key) {
    return exchange ->
        exchange.getResponseSender().send(key.substring(5) + exchange.getRelativePath());
  }

  private static String get(RawClient client, String host, String path) throws Exception {
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    RawClient.Answer answer = client.read();
    return answer.status() == 404 ? "none" : answer.body();
  }

  @Test
  void theLongestContextWinsAndIsStripped() throws Exception {
    Settings settings =
        TestPool.settings(
            "apps=[{path=a, context=/shop}, {path=b, context=/shop/api}, {path=c, context=/x}]");
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, router(settings));
      try (var client = new RawClient(pool.port)) {
        assertThat(get(client, "a", "/shop/cart")).isEqualTo("0/cart");
        assertThat(get(client, "a", "/shop")).isEqualTo("0");
        assertThat(get(client, "a", "/shop/api/v1")).isEqualTo("1/v1");
        assertThat(get(client, "a", "/shop/apis")).isEqualTo("0/apis");
        assertThat(get(client, "a", "/shopping")).isEqualTo("none");
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.read().body()).startsWith("404 Not Found: no app is served at");
      }
    }
  }

  @Test
  void theHostComesBeforeTheContext() throws Exception {
    Settings settings =
        TestPool.settings(
            "apps=[{path=a}, {path=b, host=[b.org, \"[::1]\"]}, {path=c, host=\"*.b.org\"},"
                + "{path=d, host=\"*.d.b.org\", context=/d}, {path=e, context=/e}]");
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, router(settings));
      try (var client = new RawClient(pool.port)) {
        assertThat(get(client, "other.org", "/p")).isEqualTo("0/p");
        assertThat(get(client, "b.org", "/p")).isEqualTo("1/p");
        assertThat(get(client, "B.Org.:8080", "/p")).isEqualTo("1/p");
        assertThat(get(client, "[::1]:80", "/p")).isEqualTo("1/p");
        assertThat(get(client, "x.y.b.org", "/p")).isEqualTo("2/p");
        assertThat(get(client, "d.b.org", "/p")).isEqualTo("2/p");
        assertThat(get(client, "x.d.b.org", "/d/p")).isEqualTo("3/p");
        assertThat(get(client, "x.d.b.org", "/p")).as("the host is another's").isEqualTo("none");
        assertThat(get(client, "xb.org", "/e")).isEqualTo("4");
        assertThat(get(client, "b.org", "/e")).as("the host is another's").isEqualTo("1/e");
      }
    }
  }

  @Test
  void theOnlyAppAtTheRootIsNotSearchedFor() throws Exception {
    HttpHandler app = exchange -> {};
    assertThat(AppRouter.of(TestPool.settings().apps(), List.of(app))).isSameAs(app);
  }

  @Test
  void eachAppIsAskedForEachPathAtItsPlace() throws Exception {
    List<AppSettings> apps =
        TestPool.settings("apps=[{path=a}, {path=b, context=/b, host=\"*.b.org\"}]").apps();
    assertThat(OwnRequest.all(apps, List.of("/", "/x")))
        .extracting(OwnRequest::toString)
        .containsExactly("GET /", "GET /b/ of self.b.org", "GET /x", "GET /b/x of self.b.org");
  }
}
