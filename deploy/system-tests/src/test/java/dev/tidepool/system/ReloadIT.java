package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reloads under load: the deploys that nobody notices. */
@Timeout(600)
final class ReloadIT {
  private static final int RELOADS = 20;

  // The window within which an idle client must come back to be told: the clients here pause for
  // milliseconds, but share two processors with workers that start.
  @RegisterExtension
  final TidepoolServer server = TidepoolServer.withConfig("drain.idle-window = 2 s");

  @Test
  void twentyReloadsWithTheAppReplacedLoseNothing() {
    try (var load =
        Load.on(server.address())
            .path("/version")
            .keepingConnections(6)
            .newConnections(4)
            .start()) {
      String serving = "";
      for (int i = 1; i <= RELOADS; i++) {
        String next = "build-%02d".formatted(i);
        load.expect(serving, next);
        if (i % 2 == 0) {
          server.renameApp(Jars.demo(next));
        } else {
          server.replaceApp(Jars.demo(next));
        }
        Cli.Result reload = server.reload();
        assertThat(reload.exitCode()).as(reload.output()).isZero();
        load.expect(next);
        serving = next;
        load.awaitAnswers(10);
      }
      load.stop().assertNothingLost();
    }
    assertThat(server.status().generation()).isEqualTo(RELOADS + 1);
  }

  @Test
  void oneWorkerAtATimeLosesNothingEither() {
    server.configure("drain.idle-window = 2 s", "reload.surge = 1");
    try (var load = Load.on(server.address()).keepingConnections(6).newConnections(4).start()) {
      var before = server.pids();
      for (int i = 0; i < 3; i++) {
        assertThat(server.reload().exitCode()).isZero();
      }
      load.stop().assertNothingLost();
      assertThat(server.pids()).hasSize(2).doesNotContainAnyElementsOf(before);
    }
  }

  @Test
  void scalingDownAndUpLosesNothing() {
    server.cli("scale", "4");
    server.awaitServing(4);
    try (var load = Load.on(server.address()).keepingConnections(6).newConnections(4).start()) {
      for (int size : new int[] {1, 6, 2}) {
        assertThat(server.cli("scale", String.valueOf(size)).exitCode()).isZero();
        server.awaitServing(size);
        load.awaitAnswers(200);
      }
      load.stop().assertNothingLost();
    }
  }
}
