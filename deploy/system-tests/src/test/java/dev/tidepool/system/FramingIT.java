package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two readers could understand in two ways. Sent directly, each is answered as the
 * RFC says; behind a real nginx the app sees exactly the requests, with the paths, that nginx
 * forwarded. Each is followed by a last one, which must be answered if and only if the request
 * before it has a certain end.
 */
@Timeout(120)
final class FramingIT {
  private static final String LAST =
      "GET /last HTTP/1.1\r\nHost: tidepool.test\r\nConnection: close\r\n\r\n";

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig("workers.count = 1", "limits.body-size = 100 KiB").notStarted();

  private static InetSocketAddress direct;
  private static Front nginx;

  /** What is sent, and the statuses that come back when it is sent directly. */
  record Case(String name, String raw, List<String> statuses) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    server.replaceApp(Jars.of(SeenApp.class));
    server.start();
    direct = server.address();
    nginx = Front.nginx(server, direct, 1);
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.system.FramingCases#all")
  void directly(Case each) throws IOException {
    assertThat(Wire.statuses(direct, each.raw + LAST)).isEqualTo(each.statuses);
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.system.FramingCases#all")
  void throughNginx(Case each) throws IOException {
    seen();
    Path log = nginx.accessLog();
    long before = Files.size(log);
    List<String> unused = Wire.statuses(nginx.address(), each.raw + LAST);
    var all = new StringBuilder();
    eventually(
        Duration.ofSeconds(5),
        () -> {
          all.append(all.isEmpty() ? "" : "\n").append(seen());
          String forwarded =
              Files.readString(log, ISO_8859_1)
                  .substring((int) before)
                  .lines()
                  .filter(line -> line.startsWith("200 "))
                  .map(line -> line.substring(4))
                  .collect(joining("\n"));
          assertThat(all.toString().strip()).isEqualTo(forwarded);
        });
  }

  /**
   * A violation is a request that is answered with 200 although it, or one before it, is to be
   * refused, and a connection that hangs. What is refused without need is none: it harms nobody.
   */
  @Test
  void noMoreViolationsThanTomcat() throws Exception {
    int own = 0;
    int ofTomcat = 0;
    var differences = new StringBuilder();
    try (var tomcat = new EmbeddedTomcat(server.directory().root().resolve("tomcat"))) {
      for (Case each : FramingCases.all()) {
        if (each.statuses.contains("413")) {
          continue; // a limit that Tomcat does not have
        }
        List<String> tidepool = Wire.statuses(direct, each.raw + LAST);
        List<String> other = Wire.statuses(tomcat.address(), each.raw + LAST);
        boolean ownViolation = violates(each, tidepool);
        boolean tomcatViolation = violates(each, other);
        own += ownViolation ? 1 : 0;
        ofTomcat += tomcatViolation ? 1 : 0;
        if (!tidepool.equals(other)) {
          differences.append(
              "%-40s | %-20s | %s%s%n"
                  .formatted(
                      each.name.length() > 40 ? each.name.substring(0, 40) : each.name,
                      String.join(" ", tidepool) + (ownViolation ? " !" : ""),
                      String.join(" ", other),
                      tomcatViolation ? " !" : ""));
        }
      }
    }
    System.out.printf(
        "%-40s | %-20s | Tomcat, %d violations (!)%n%s",
        "case", "Tidepool, " + own, ofTomcat, differences);
    assertThat(own).isLessThanOrEqualTo(ofTomcat);
  }

  private static boolean violates(Case each, List<String> statuses) {
    return served(statuses) > served(each.statuses) || statuses.contains("open");
  }

  private static long served(List<String> statuses) {
    return statuses.stream().filter("200"::equals).count();
  }

  private static String seen() {
    return TidepoolServer.request(direct, "GET", "/-seen").body();
  }
}
