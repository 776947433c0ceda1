package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A generation that came up well and fails in service. */
final class RollbackIT {
  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig("reload.watch = 8 s");

  @Test
  void aWorkerThatDiesWhileWatchedBringsTheOldGenerationBack() {
    SocketAddress address = server.address();
    String version = server.get("/version").body();
    server.replaceApp(Jars.of(DiesServingApp.class));
    var reload = CompletableFuture.supplyAsync(server::reload);
    Eventually.until(TidepoolServer.START_LIMIT, () -> isLost(address) ? true : null);
    Cli.Result verdict = reload.join();
    assertThat(verdict.exitCode()).as(verdict.output()).isEqualTo(1);
    assertThat(verdict.output()).contains("43");
    server.awaitServing(2);
    assertThat(server.get("/version").body()).isEqualTo(version);
    assertThat(server.status().generation()).isEqualTo(1);
  }

  @Test
  void aGenerationThatKeepsDyingAfterItsVerdictIsGivenUp() {
    String version = server.get("/version").body();
    server.configure(
        "workers { restart-delay = 10 ms, restart-delay-max = 10 ms }",
        "reload.fallback-deaths = 3");
    server.replaceApp(Jars.of(DiesSoonApp.class));
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).as(reload.output()).isZero();
    server.awaitLog("generation 2 keeps dying: ");
    server.awaitLog("generation 1 serves");
    server.awaitServing(2);
    assertThat(server.status().generation()).isEqualTo(1);
    assertThat(server.get("/version").body()).isEqualTo(version);
    assertThat(server.cli("status").output())
        .containsPattern("generation 2 keeps dying: \\d workers in 2 places died within \\d+ ms")
        .contains("fell back to generation 1");
    server.replaceApp(Jars.demo("build-3"));
    assertThat(server.reload().exitCode()).isZero();
    assertThat(server.get("/version").body()).contains("build-3");
    assertThat(server.cli("status").output()).doesNotContain("fell back");
  }

  private static boolean isLost(SocketAddress address) {
    try (var connection = HttpConnection.open(address)) {
      connection.get("/hello");
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
