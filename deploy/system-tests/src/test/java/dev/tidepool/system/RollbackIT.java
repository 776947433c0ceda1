package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A generation that came up well and fails in service. */
final class RollbackIT {
  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig("reload.watch = 8 s");

  @Test
  void aWorkerThatDiesWhileWatchedBringsTheOldGenerationBack() {
    String version = server.get("/version").body();
    server.replaceApp(Jars.of(DiesServingApp.class));
    var reload = CompletableFuture.supplyAsync(server::reload);
    Eventually.until(TidepoolServer.START_LIMIT, () -> server.losesARequest() ? true : null);
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
    server.replaceApp(Jars.of(DiesServingApp.class));
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).as(reload.output()).isZero();
    server.loseRequestsUntilLog("generation 2 keeps dying: ");
    server.awaitLog("rolled back: generation 2 keeps dying: ");
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
}
