package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * nginx and HAProxy with the configurations that are shipped, in front of two hosts (addresses of
 * the loopback network).
 */
@Timeout(300)
final class FrontConfigsIT {
  private static final String SITE = "site.test";
  private static final String INTERNAL = "tidepool.internal";
  private static final TestCertificates certificates =
      new TestCertificates().rsa(SITE).rsa(INTERNAL);
  private static final String REENCRYPTED = "reencrypt";
  private static final String PASSED_THROUGH = "passthrough";
  private static final String HAPROXY = "haproxy";

  @RegisterExtension static final TidepoolServer one = host("127.0.0.11", "0", "0", "0", "0", "0");

  @RegisterExtension
  static final TidepoolServer two = TidepoolServer.withConfig("workers.count = 1").notStarted();

  private static final Map<String, Front> fronts = new LinkedHashMap<>();
  private static SocketFactory tls = SocketFactory.getDefault();

  private static String[] lines(String address, String... ports) {
    return new String[] {
      "workers.count = 1",
      "listen.http = [\"%s:%s\", \"unix:@DIR@/http.sock\"]".formatted(address, ports[0]),
      "listen.admin = \"%s:%s\"".formatted(address, ports[1]),
      "listen.agent = \"%s:%s\"".formatted(address, ports[4]),
      "listen.https = [\"%s:%s\", { address = \"%s:%s\", proxy-protocol = true, trusted = [\"127.0.0.1\"] }]"
          .formatted(address, ports[2], address, ports[3]),
      certificates.setting(SITE, INTERNAL),
      "proxies.trusted = [\"127.0.0.1\", \"unix:\"]",
      "drain { notice = 5 s, idle-window = 1 s }"
    };
  }

  private static TidepoolServer host(String address, String... ports) {
    return TidepoolServer.withConfig(lines(address, ports));
  }

  @BeforeAll
  static void start() throws IOException {
    Status status = one.status();
    String http = port(status.http().get(0));
    String admin = port(status.admin().get(0));
    String https = port(status.https().get(0));
    String proxied = port(status.https().get(1));
    String agent = port(status.json().getStringList("listen.agent").get(0));
    two.configure(lines("127.0.0.12", http, admin, https, proxied, agent));
    two.start();

    Path files = Files.createDirectory(one.directory().root().resolve("tls"));
    String site = Files.readString(certificates.certificate(SITE));
    String key = Files.readString(certificates.key(SITE));
    Files.writeString(files.resolve("site.pem"), site + key); // HAProxy reads both from one file
    Files.writeString(files.resolve("site.key"), key);
    Files.copy(certificates.certificate(INTERNAL), files.resolve("ca.pem"));
    tls = TestCertificates.trusting(certificates.certificate(SITE)).getSocketFactory();

    var places = new LinkedHashMap<String, String>();
    places.put("/run/tidepool/http.sock", one.directory().root() + "/http.sock");
    places.put("10.0.0.11", "127.0.0.11");
    places.put("10.0.0.12", "127.0.0.12");
    places.put("/etc/tls", files.toString());
    places.put(":8080", ":" + http);
    places.put("port 8081", "port " + admin);
    places.put("port 8082", "port " + agent);
    places.put(":8443", ":" + https);
    start("nginx over a Unix socket", "nginx/tidepool.conf", places);
    start("nginx " + REENCRYPTED, "nginx/tidepool-reencrypt.conf", places);
    start(HAPROXY, "haproxy/haproxy.cfg", places);
    start("haproxy " + REENCRYPTED, "haproxy/haproxy-reencrypt.cfg", places);
    places.put(":8443", ":" + proxied);
    start("haproxy " + PASSED_THROUGH, "haproxy/haproxy-passthrough.cfg", places);
    places.put("unix:" + one.directory().root() + "/http.sock", "127.0.0.11:" + http);
    start("nginx over TCP", "nginx/tidepool.conf", places);
  }

  private static String port(String address) {
    return String.valueOf(Status.tcp(address).getPort());
  }

  private static void start(String name, String file, Map<String, String> places)
      throws IOException {
    fronts.put(name, Front.shipped(one, file, places));
  }

  @AfterAll
  static void stop() throws IOException {
    fronts.values().forEach(Front::close);
    certificates.delete();
  }

  /** Over HTTP/2, and with headers that a client has no right to. */
  @Test
  void theAppSeesTheClient() {
    fronts.forEach(
        (name, front) -> {
          String url = "https://%s:%d/client".formatted(SITE, front.address().getPort());
          String seen =
              Cli.run(
                  "curl",
                  "-sS",
                  "--interface",
                  "127.0.0.9",
                  "--resolve",
                  SITE + ":" + front.address().getPort() + ":127.0.0.1",
                  "--cacert",
                  certificates.certificate(SITE).toString(),
                  "-w",
                  "HTTP/%{http_version}",
                  "-H",
                  "X-Forwarded-For: 203.0.113.66",
                  "-H",
                  "X-Forwarded-Host: evil.test",
                  "-H",
                  "X-Forwarded-Proto: gopher",
                  "-H",
                  "Forwarded: for=203.0.113.66",
                  url);
          assertThat(seen)
              .as(name)
              .contains("source=127.0.0.9 ", " scheme=https host=" + SITE, "HTTP/2")
              .doesNotContain("203.0.113.66", "evil");
        });
  }

  @Test
  void aReloadUnderLoadLosesNothing() {
    var loads = new LinkedHashMap<String, Load>();
    fronts.forEach((name, front) -> loads.put(name, load(front).start()));
    Cli.Result reload = one.reload();
    loads.forEach((name, load) -> load.stop().assertNothingLost());
    assertThat(reload.exitCode()).as(reload.output()).isZero();
  }

  private static Load load(Front front) {
    return Load.on(front.address())
        .over(tls)
        .pauseMillis(20)
        .keepingConnections(2)
        .newConnections(1)
        .posting(2);
  }

  /** HAProxy sees the notice, and turns to the other host; and comes back. */
  @Test
  void aHostThatStopsIsLeftInTime() throws IOException {
    List<Load> loads = new ArrayList<>();
    fronts.forEach(
        (name, front) -> {
          if (name.startsWith(HAPROXY)) {
            loads.add(load(front).start());
          }
        });
    assertThat(two.cli("stop").exitCode()).isZero();
    assertThat(two.awaitExit(Duration.ofMinutes(1))).isZero();
    for (Load load : loads) {
      load.stop().assertNothingLost();
    }
    two.start();
    int pid = two.pids().get(0);
    InetSocketAddress front = Objects.requireNonNull(fronts.get(HAPROXY)).address();
    eventually(
        Duration.ofSeconds(30),
        () -> {
          try (var connection = HttpConnection.open(front, tls)) {
            assertThat(connection.get("/hello").pid()).isEqualTo(pid);
          }
        });
  }
}
