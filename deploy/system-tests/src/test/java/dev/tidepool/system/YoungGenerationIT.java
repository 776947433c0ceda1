package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers of an app for which the young generation is too small are followed by larger ones. */
final class YoungGenerationIT {
  private static final long MIB = 1 << 20;

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers { count = 1, spares = 0, heap = 128 MiB }",
          "young-generation { window = 2 s, max = 0.125 }",
          "health.checks.interval = 200 ms",
          "drain.idle-window = 1 s");

  @Test
  void theNextWorkersHaveMoreAndStartFromTheSameArchive() {
    String archive = archive();
    server.replaceApp(Jars.of(RetainingApp.class));
    assertThat(server.reload().exitCode()).isZero();
    assertThat(worker().getLong("youngBytes")).isEqualTo(8 * MIB);
    assertThat(worker().getString("youngWhy")).isEqualTo("as configured");
    try (var load = Load.on(server.address()).keepingConnections(4).start()) {
      server.awaitLog("the next workers get 16 MiB of young generation, grown from 8 MiB: ");
      assertThat(server.reload().exitCode()).isZero();
      load.stop().assertNothingLost();
    }
    Config next = worker();
    assertThat(next.getLong("youngBytes")).isEqualTo(16 * MIB);
    assertThat(next.getString("youngWhy"))
        .matches("grown from 8 MiB: .* % of (time in young coll|what it allocated).*");
    assertThat(next.getLong("promotedBytes")).isPositive();
    assertThat(next.getLong("allocatedBytes")).isGreaterThan(next.getLong("promotedBytes"));
    int pid = next.getInt("pid");
    assertThat(Processes.read(pid, "cmdline")).contains("-Xmn" + 16 * MIB);
    assertThat(Processes.read(pid, "maps")).contains(archive);
    assertThat(archive()).as("fits all sizes").isEqualTo(archive);
    assertThat(server.cli("status").output())
        .contains("young generation of 16 MiB: grown from 8 MiB: ");
  }

  /** Makes it, if there is none. */
  private static String archive() {
    Cli.Result made = server.cli("archive", "--config", server.config().toString());
    assertThat(made.exitCode()).as(made.output()).isZero();
    return made.output().strip();
  }

  private static Config worker() {
    List<? extends Config> workers = server.status().json().getConfigList("workers");
    return workers.stream()
        .filter(w -> w.getString("role").equals("slot"))
        .findFirst()
        .orElseThrow();
  }
}
