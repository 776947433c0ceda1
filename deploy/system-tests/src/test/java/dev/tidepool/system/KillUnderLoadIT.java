package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers killed, stopped or stuck under load: their siblings go on. */
@TestMethodOrder(OrderAnnotation.class)
final class KillUnderLoadIT {
  private static final int CLIENTS = 8;

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig("workers { count = 4, spares = 1, restart-delay = 10 ms }");

  /** With its spare, whatever the test before did to it. */
  @BeforeEach
  void thePoolIsWhole() {
    eventually(
        TidepoolServer.START_LIMIT, () -> assertThat(server.awaitServing(4).spares()).hasSize(1));
  }

  @Test
  void newConnectionsGoOnBeingAnswered() {
    try (var load = Load.on(server.address()).newConnections(CLIENTS).start()) {
      LoadReport report = killEachInTurn(load);
      assertInFlightAtMost(report);
      // What waited in the accept queue or in a mailbox is served by somebody else.
      assertThat(report.longestGap()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void keptConnectionsEndOnlyWithTheirWorker() {
    try (var load = Load.on(server.address()).keepingConnections(CLIENTS).start()) {
      assertInFlightAtMost(killEachInTurn(load));
    }
  }

  @Test
  void aStoppedWorkerHoldsNoConnectionUp() {
    int stopped = server.pids().get(0);
    server.signal(stopped, Signal.STOP);
    try (var load = Load.on(server.address()).newConnections(CLIENTS).start()) {
      // Some were given to it before its heartbeat grew old; siblings take them out of its mailbox.
      load.awaitAnswers(500);
      LoadReport report = load.stop().assertNothingLost();
      assertThat(report.slowest()).isLessThan(Duration.ofSeconds(10));
      assertThat(report.servedByPid()).doesNotContainKey(stopped);
    }
    server.signal(stopped, Signal.CONT);
  }

  @Test
  @Order(Integer.MAX_VALUE) // last: it is some time until the stuck one is replaced
  void aWorkerWithAStuckIoThreadHoldsNoConnectionUp() throws Exception {
    try (var stuck = HttpConnection.open(server.address())) {
      stuck.send("GET", "/fault/block-io", new byte[0], "");
      try (var load = Load.on(server.address()).newConnections(CLIENTS).start()) {
        load.awaitAnswers(500);
        LoadReport report = load.stop().assertNothingLost();
        assertThat(report.slowest()).isLessThan(Duration.ofSeconds(10));
      }
    }
  }

  private LoadReport killEachInTurn(Load load) {
    List<Integer> victims = server.pids();
    load.forgetGaps();
    for (int victim : victims) {
      server.signal(victim, Signal.KILL);
      load.awaitAnswers(100);
      server.awaitServing(4);
    }
    assertThat(server.pids()).doesNotContainAnyElementsOf(victims);
    LoadReport report = load.stop();
    System.out.println("killed 4 workers in turn: " + report.summary() + " " + report.samples());
    return report;
  }

  /** Each client has at most one request, and one connection, with the worker that is killed. */
  private static void assertInFlightAtMost(LoadReport report) {
    assertThat(report.failed(Failure.REFUSED)).isZero();
    assertThat(report.failed(Failure.WRONG_STATUS)).isZero();
    assertThat(report.failed(Failure.STALLED)).isZero();
    assertThat(report.failed()).isLessThanOrEqualTo(4 * CLIENTS / 2);
  }
}
