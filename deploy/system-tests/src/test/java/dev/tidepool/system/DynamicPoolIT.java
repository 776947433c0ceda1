package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pool that grows under slow requests, and shrinks when it has little to do. */
final class DynamicPoolIT {
  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "drain.idle-window = 2 s",
          "workers { count = 1, min = 1, max = 3, task-threads = 4 }",
          "scaling { grow-after = 1 s, shrink-after = 2 s }");

  @Test
  void growsUnderSlowRequestsShrinksAfterwardsAndLosesNothing() {
    try (var steady = Load.on(server.address()).keepingConnections(2).newConnections(2).start()) {
      try (var slow = Load.on(server.address()).path("/sleep?ms=200").newConnections(10).start()) {
        eventually(ofMinutes(1), () -> assertThat(server.status().serving()).hasSizeGreaterThan(1));
        assertThat(server.log())
            .containsPattern("pool grew from 1 to 2: \\d+ % busy \\(scaling.grow-above = 75 %\\)");
        slow.stop().assertNothingLost();
      }
      server.awaitServing(1);
      steady.stop().assertNothingLost();
    }
    assertThat(server.log()).containsPattern("pool shrank from 2 to 1: \\d+ % busy");
    assertThat(server.cli("status").output())
        .containsPattern("1 to 3 workers, \\d+ % busy; size: shrank from 2 to 1");
  }

  @Test
  void anOperatorMovesWithinTheBounds() {
    Cli.Result tooMany = server.cli("scale", "4");
    assertThat(tooMany.exitCode()).isEqualTo(1);
    assertThat(tooMany.output()).contains("expected 1 to 3 (workers.min to workers.max)");
    assertThat(server.cli("scale", "3").exitCode()).isZero();
    server.awaitServing(3);
    server.awaitServing(1); // the rule goes on from there
  }
}
