package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A master that stands still, or is no more. */
final class MasterLostIT {
  private static final long STOPPED_MILLIS = 60_000;

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("master.grace = 8 s", "app.settings.log-requests = true");

  @Test
  void nothingStallsWhileTheMasterIsStopped() {
    List<Integer> before = server.pids();
    try (var load = Load.on(server.address()).keepingConnections(4).newConnections(2).start()) {
      server.signalMaster(Signal.STOP);
      long end = System.nanoTime() + STOPPED_MILLIS * 1_000_000;
      while (System.nanoTime() < end) {
        load.awaitAnswers(100);
      }
      server.signalMaster(Signal.CONT);
      LoadReport report = load.stop().assertNothingLost();
      assertThat(report.longestGap()).isLessThan(ofSeconds(5));
      assertThat(report.slowest()).isLessThan(ofSeconds(5));
    }
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
    assertThat(server.log()).contains("GET /hello").doesNotContain("overdue");
  }

  @Test
  void workersServeOnAndEndAfterTheGrace() throws Exception {
    List<Integer> workers = server.pids();
    var address = server.address();
    try (var load = Load.on(address).keepingConnections(4).newConnections(2).start()) {
      server.signalMaster(Signal.KILL);
      server.awaitExit(ofSeconds(10));
      long answered = load.answered();
      load.awaitAnswers(300);
      assertThat(load.answered()).isGreaterThan(answered);
      assertThat(load.stop().failures()).isEmpty();
    }
    assertThat(workers).anyMatch(Processes::alive);
    eventually(ofSeconds(30), () -> assertThat(workers).noneMatch(Processes::alive));
  }

  @Test
  void theNextMasterStartsOnWhatTheDeadOneLeft() {
    List<Integer> workers = server.pids();
    server.signalMaster(Signal.KILL);
    server.awaitExit(ofSeconds(10));
    eventually(ofSeconds(40), () -> assertThat(workers).noneMatch(Processes::alive));
    server.start();
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }
}
