package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, or read in one way only, over HTTP/2. */
@Timeout(120)
final class Http2StrictIT {

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
              "listen.http = { address = \"127.0.0.1:0\", h2c = true }",
              "workers.count = 1",
              "limits { header-size = 32 KiB, header-count = 50 }")
          .notStarted();

  private static InetSocketAddress address;

  @BeforeAll
  static void start() {
    server.replaceApp(Jars.of(SeenApp.class));
    server.start();
    address = server.address();
  }

  static List<String> paths() {
    return FramingCases.all().stream()
        .map(FramingIT.Case::name)
        .filter(name -> name.startsWith("path "))
        .map(name -> name.substring("path ".length()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void pathsAreReadAsOverHttp1(String path) throws IOException {
    seen();
    int overHttp1 = statusOverHttp1(path);
    String seenOverHttp1 = seen();
    try (var client = new Http2Client(address)) {
      // What is no URI at all ends the stream without an answer.
      List<Integer> same = overHttp1 == 400 ? List.of(400, 0) : List.of(overHttp1);
      assertThat(client.status(client.get(path))).isIn(same);
    }
    assertThat(seen()).isEqualTo(seenOverHttp1);
  }

  private static int statusOverHttp1(String path) throws IOException {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }
  }

  private static String seen() {
    return TidepoolServer.request(address, "GET", "/-seen").body();
  }

  /** In several frames, whose ends are in the middle of a field. */
  @ParameterizedTest
  @CsvSource({"1, 20000", "2, 16000", "4, 7900", "30, 1000"})
  void headersWithinTheLimitsAreServed(int fields, int bytesOfEach) throws IOException {
    seen();
    try (var client = new Http2Client(address)) {
      assertThat(client.status(client.get("/a", fields, bytesOfEach))).isEqualTo(200);
      assertThat(client.status(client.get("/b"))).isEqualTo(200);
    }
    assertThat(seen()).isEqualTo("GET /a\nGET /b");
  }

  @ParameterizedTest
  @CsvSource({"40, 1000", "40, 16000", "60, 200"})
  void headersBeyondTheLimitsAreRefused(int fields, int bytesOfEach) throws IOException {
    List<Integer> workers = server.status().pids();
    try (var client = new Http2Client(address)) {
      int status = client.status(client.get("/a", fields, bytesOfEach));
      assertThat(status).isIn(0, 431);
    } catch (SocketException e) {
      assertThat(e).as("closed while the client wrote").hasMessageNotContaining("refused");
    }
    assertThat(seen()).isEmpty();
    assertThat(server.status().pids()).isEqualTo(workers);
  }
}
