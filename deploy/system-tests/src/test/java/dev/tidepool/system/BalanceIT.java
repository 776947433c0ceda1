package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How connections spread over the workers. */
final class BalanceIT {
  private static final double MOST_OVER_MEAN = 1.5;

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("workers.count = 4", "balance.shed-time = 1 s");

  @Test
  void connectionsThatArriveOneByOneAreSpread() throws IOException {
    for (int count : new int[] {8, 64}) {
      var held = new ArrayList<HttpConnection>();
      var perWorker = new TreeMap<Integer, Integer>();
      try {
        for (int i = 0; i < count; i++) {
          var connection = HttpConnection.open(server.address());
          held.add(connection);
          perWorker.merge(connection.get("/hello").pid(), 1, Integer::sum);
        }
      } finally {
        closeAll(held);
      }
      System.out.println(count + " connections one by one: " + perWorker.values());
      assertThat(perWorker.values()).allMatch(n -> n <= MOST_OVER_MEAN * count / 4);
      eventually(ofSeconds(20), () -> assertThat(connections()).allMatch(n -> n == 0));
    }
  }

  @Test
  void aReplacedWorkerGetsItsShareOfKeptConnections() {
    try (var load = Load.on(server.address()).keepingConnections(32).pauseMillis(20).start()) {
      server.signal(server.pids().get(0), Signal.KILL);
      server.awaitServing(4);
      eventually(ofSeconds(40), () -> assertThat(connections()).allMatch(n -> n >= 4));
      LoadReport report = load.stop();
      assertThat(report.failed()).as(report.summary()).isLessThanOrEqualTo(32);
    }
  }

  @Test
  void newWorkersGetTheirShareOfKeptConnectionsAndNothingIsLost() {
    server.cli("scale", "2");
    server.awaitServing(2);
    try (var load = Load.on(server.address()).keepingConnections(32).pauseMillis(20).start()) {
      server.cli("scale", "4");
      server.awaitServing(4);
      eventually(ofSeconds(40), () -> assertThat(connections()).allMatch(n -> n >= 4));
      load.stop().assertNothingLost();
    }
  }

  @Test
  void behindNginxRequestsAreSpreadAfterReloads() throws IOException {
    try (var nginx = Front.nginx(server, server.address(), 8)) {
      for (int i = 0; i < 3; i++) {
        assertThat(server.reload().exitCode()).isZero();
      }
      for (int clients : new int[] {8, 24}) {
        // Right after a start of the load one worker gets most; it takes moments to even out.
        eventually(
            ofSeconds(60),
            () -> assertThat(mostOverLeast(nginx, clients)).isLessThanOrEqualTo(MOST_OVER_MEAN));
      }
    }
  }

  private static double mostOverLeast(Front nginx, int clients) {
    var load = Load.on(nginx.address()).keepingConnections(clients).pauseMillis(0);
    try (load) {
      load.start().awaitAnswers(30_000);
      LoadReport report = load.stop().assertNothingLost();
      System.out.println(clients + " clients behind nginx: " + report.servedByPid());
      var served = report.servedByPid().values();
      assertThat(served).hasSize(4);
      long least = served.stream().mapToLong(Long::longValue).min().orElseThrow();
      long most = served.stream().mapToLong(Long::longValue).max().orElseThrow();
      return (double) most / least;
    }
  }

  private List<Integer> connections() {
    return server.status().json().getConfigList("workers").stream()
        .filter((Config worker) -> worker.getString("role").equals("slot"))
        .map(worker -> worker.getInt("connections"))
        .toList();
  }

  private static void closeAll(List<HttpConnection> held) throws IOException {
    for (HttpConnection connection : held) {
      connection.close();
    }
  }
}
