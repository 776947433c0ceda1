package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands that end or empty the pool. */
final class StopIT {
  @RegisterExtension
  final TidepoolServer server = TidepoolServer.withConfig("listen.agent = \"127.0.0.1:0\"");

  @Test
  void stopAnswersWhatIsUnderWay() throws IOException {
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=2000", new byte[0], "");
      awaitBusy();
      assertThat(server.cli("stop").exitCode()).isZero();
      assertThat(slow.receive().status()).isEqualTo(200);
    }
    assertThat(server.awaitExit(ofSeconds(30))).isZero();
  }

  @Test
  void fastStopDoesNot() throws IOException {
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=600000", new byte[0], "");
      awaitBusy();
      assertThat(server.cli("stop", "--fast").exitCode()).isZero();
      assertThat(server.awaitExit(ofSeconds(30))).isZero();
    }
  }

  @Test
  void drainEmptiesThePoolAndReloadFillsIt() throws Exception {
    assertThat(server.cli("drain").exitCode()).isZero();
    eventually(ofSeconds(30), () -> assertThat(server.status().workers()).isEmpty());
    var ready = TidepoolServer.request(server.adminAddress(), "GET", "/-/ready");
    assertThat(ready.status()).isEqualTo(404);
    assertThat(agentLine()).isEqualTo("drain\n");
    assertThat(server.reload().exitCode()).isZero();
    server.awaitServing(2);
    assertThat(agentLine()).isEqualTo("ready up\n");
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  /** What HAProxy would be told. */
  private String agentLine() throws IOException {
    InetSocketAddress agent =
        Status.tcp(server.status().json().getStringList("listen.agent").get(0));
    try (var socket = new Socket(agent.getAddress(), agent.getPort())) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private void awaitBusy() {
    eventually(
        ofSeconds(20),
        () ->
            assertThat(server.status().json().getConfigList("workers"))
                .anyMatch(worker -> worker.getLong("inFlight") > 0));
  }
}
