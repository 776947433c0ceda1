package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The master leaks no descriptor, however often workers come and go. */
@Timeout(900)
final class DescriptorsIT {
  private static final int TIMES = 50;
  private static final int RESTING = 20;

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers { count = 1, restart-delay = 10 ms, restart-delay-max = 10 ms }",
          "warm-up.limit = 0 s",
          "drain.idle-window = 0 s");

  @Test
  void fiftyReloads() {
    List<String> before = afterOne(this::reload);
    for (int i = 0; i < TIMES; i++) {
      reload();
    }
    sameAs(before);
  }

  /** Of two at once, which start side by side. */
  @Test
  void fiftyKills() {
    assertThat(server.cli("scale", "2").exitCode()).isZero();
    server.awaitServing(2);
    List<String> before = afterOne(this::killBoth);
    for (int i = 0; i < TIMES / 2; i++) {
      killBoth();
    }
    sameAs(before);
  }

  /** By the command now and then, else by the signal, for which no JVM has to start. */
  private void reload() {
    int next = server.status().generation() + 1;
    if (next % 10 == 0) {
      assertThat(server.reload().exitCode()).isZero();
    } else {
      server.signalMaster(Signal.HUP);
    }
    eventually(
        TidepoolServer.START_LIMIT,
        () -> {
          assertThat(server.status().generation()).isEqualTo(next);
          assertThat(server.status().serving()).hasSize(1);
        });
  }

  private void killBoth() {
    List<Integer> victims = server.pids();
    assertThat(victims).hasSize(2);
    victims.forEach(pid -> server.signal(pid, Signal.KILL));
    eventually(
        TidepoolServer.START_LIMIT,
        () ->
            assertThat(server.status().serving())
                .hasSize(2)
                .noneMatch(worker -> victims.contains(worker.pid())));
  }

  /** Descriptors of the master after it has done once what is to be repeated. */
  private List<String> afterOne(Runnable once) {
    once.run();
    return settled();
  }

  private void sameAs(List<String> before) {
    assertThat(settled()).hasSameSizeAs(before);
  }

  /** What the master holds once it rests: a connection that just ends is closed a moment later. */
  private List<String> settled() {
    server.awaitServing(server.status().serving().size());
    var looks = new ArrayList<List<String>>();
    return until(
        ofSeconds(60),
        () -> {
          looks.add(Processes.descriptors(server.pid()));
          List<List<String>> last =
              looks.subList(Math.max(0, looks.size() - RESTING), looks.size());
          return looks.size() >= RESTING && new HashSet<>(last).size() == 1 ? last.get(0) : null;
        });
  }
}
