package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that have answered or grown enough make room for others, and nobody notices. */
final class RecycleIT {
  private static final int RECYCLED = 4;
  private static final int ROOM_MIB = 20;

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig("workers { count = 2, spares = 1, heap = 96 MiB }");

  @Test
  void recyclingUnderLoadLosesNothing() {
    server.configure(
        "drain.idle-window = 2 s",
        "workers { spares = 1, restart-delay = 10 ms, restart-delay-max = 10 ms }",
        "recycle { requests = 200, interval = 100 ms }");
    server.reload();
    int before = recycled();
    List<Integer> first = server.pids();
    try (var load = Load.on(server.address()).keepingConnections(4).newConnections(4).start()) {
      eventually(
          ofMinutes(2), () -> assertThat(recycled()).isGreaterThanOrEqualTo(before + RECYCLED));
      load.stop().assertNothingLost();
    }
    assertThat(server.pids()).doesNotContainAnyElementsOf(first);
    assertThat(server.log())
        .containsPattern("is recycled: answered \\d+ requests, its limit is \\d+ \\(recycle")
        .contains("the spare pid=");
  }

  @Test
  void aWorkerThatLeaksIsReplacedBeforeItIsOutOfMemory() throws Exception {
    server.configure("workers { spares = 1, heap = 96 MiB }");
    server.reload();
    long usual = server.pids().stream().mapToLong(RecycleIT::ownMebibytes).max().orElseThrow();
    server.configure(
        "workers { spares = 1, heap = 96 MiB }",
        "recycle { memory = " + (usual + ROOM_MIB) + " MiB, interval = 100 ms }");
    server.reload();
    int logged = server.log().length();
    int leaking;
    try (var connection = HttpConnection.open(server.address())) {
      leaking = connection.get("/hello").pid();
      assertThat(connection.get("/fault/leak?mb=" + 2 * ROOM_MIB).status()).isEqualTo(200);
    }
    eventually(
        ofSeconds(60),
        () ->
            assertThat(server.awaitServing(2).pids())
                .as("%d leaks", leaking)
                .doesNotContain(leaking));
    eventually(ofSeconds(60), () -> assertThat(Processes.alive(leaking)).isFalse());
    assertThat(server.log().substring(logged))
        .containsPattern("pid=" + leaking + " gen=\\d+ is recycled: has \\d+ MiB of memory")
        .doesNotContain("pid=" + leaking + " gen=3 died", "out of memory");
    assertThat(server.status().json().getInt("recycled")).isPositive();
  }

  private static int recycled() {
    return server.status().json().getInt("recycled");
  }

  private static long ownMebibytes(int pid) {
    return Processes.read(pid, "status")
            .lines()
            .filter(line -> line.startsWith("RssAnon:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1024;
  }
}
