package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More connections, and requests, than the limits allow. */
@Timeout(120)
final class ConnectionLimitIT {
  private static final int LIMIT = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "listen.http = [\"127.0.0.1:0\", { address = \"127.0.0.1:0\", h2c = true }]",
          "workers { count = 2, task-threads = 40 }",
          "limits { connections = " + LIMIT + ", request-rate = 10 }");

  private final List<Socket> clients = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    eventually(PATIENCE, () -> assertThat(connections()).isZero());
  }

  @Test
  void idleConnectionsMakeRoomForNewOnes() throws IOException {
    for (int i = 0; i < 10 * LIMIT; i++) {
      open("");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(server.get("/hello").status()).isEqualTo(200);
    }
    assertThat(connections()).isLessThanOrEqualTo(2 * LIMIT);
    assertThat(sum("evicted")).isPositive();
  }

  @Test
  void busyConnectionsKeepOthersWaitingUntilOneCloses() throws IOException {
    for (int i = 0; i < 2 * LIMIT; i++) {
      open("GET /sleep?ms=3000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }
    eventually(PATIENCE, () -> assertThat(connections()).isEqualTo(2 * LIMIT));
    Socket waiting = open("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(status(waiting)).isEqualTo(200);
    clients.remove(waiting);
    for (Socket client : clients) {
      assertThat(status(client)).isEqualTo(200);
    }
  }

  @Test
  void tooManyRequestsOnOneConnectionAreRefusedWithoutClosingIt() throws Exception {
    try (var greedy = HttpConnection.open(server.address());
        var modest = HttpConnection.open(server.address())) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        statuses.add(greedy.get("/hello").status());
      }
      assertThat(statuses).containsOnly(200, 429);
      assertThat(modest.get("/hello").status()).isEqualTo(200);
      eventually(PATIENCE, () -> assertThat(greedy.get("/hello").status()).isEqualTo(200));
    }
  }

  @Test
  void theStreamsOfAnHttp2ConnectionShareItsRate() throws Exception {
    String url = "http://" + server.status().http().get(1) + "/hello";
    String output =
        Cli.run(PATIENCE, Map.of(), List.of("h2load", "-n100", "-c1", "-m10", url)).output();
    Matcher codes =
        Pattern.compile("status codes: (\\d+) 2xx, 0 3xx, (\\d+) 4xx, 0 5xx").matcher(output);
    assertThat(codes.find()).as(output).isTrue();
    assertThat(Integer.parseInt(codes.group(1))).isBetween(10, 99);
    assertThat(Integer.parseInt(codes.group(2))).isPositive();
    assertThat(output).contains(" 100 done, ", " 0 errored, ");
  }

  private static int connections() {
    return (int) sum("connections");
  }

  private static long sum(String key) {
    return server.status().json().getConfigList("workers").stream()
        .mapToLong(worker -> worker.getLong(key))
        .sum();
  }

  private Socket open(String request) throws IOException {
    var socket = new Socket(server.address().getAddress(), server.address().getPort());
    clients.add(socket);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  private static int status(Socket socket) throws IOException {
    byte[] begin = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    String text = new String(begin, ISO_8859_1);
    return Integer.parseInt(text.substring(text.length() - 3));
  }
}
