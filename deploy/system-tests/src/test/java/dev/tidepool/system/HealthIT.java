package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that live but give no sign of it. */
final class HealthIT {
  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers { count = 2, spares = 1 }",
          "health { heartbeat-timeout = 3 s, stopped-timeout = 10 m }");

  @Test
  void aHungWorkerIsReplacedAndItsEvidenceKept() throws IOException {
    Status before = server.awaitServing(2);
    int spare = before.spares().get(0).pid();
    try (var stuck = HttpConnection.open(server.address())) {
      stuck.send("GET", "/fault/block-io", new byte[0], "");
      server.awaitLog("is hung: I/O threads silent for");
      eventually(TidepoolServer.START_LIMIT, () -> assertThat(server.pids()).contains(spare));
      server.awaitLog("evidence in ");
    }
    Status after = server.awaitServing(2);
    int victim =
        before.pids().stream().filter(pid -> !after.pids().contains(pid)).findFirst().orElseThrow();
    eventually(ofSeconds(20), () -> assertThat(Processes.alive(victim)).isFalse());
    Path report = report();
    assertThat(report.getFileName().toString()).endsWith("-pid" + victim);
    assertThat(report.resolve("incident.txt"))
        .content()
        .contains("pid=" + victim, "hung: I/O threads silent for", "connections 1");
    assertThat(report.resolve("process.txt")).content().contains("VmRSS", "descriptors: ");
    assertThat(report.resolve("threads.txt")).content().contains("http I/O-1", "Faults.block");
  }

  @Test
  void aStoppedWorkerIsReplacedAtOnceAndDrainsWhenItGoesOn() {
    int stopped = server.awaitServing(2).pids().get(0);
    server.signal(stopped, Signal.STOP);
    server.awaitLog("is stopped (process state T)");
    eventually(
        TidepoolServer.START_LIMIT,
        () -> assertThat(server.status().serving()).hasSize(2).noneMatch(w -> w.pid() == stopped));
    assertThat(Processes.alive(stopped)).isTrue();
    server.signal(stopped, Signal.CONT);
    server.awaitLog("goes on after it was stopped");
    eventually(ofSeconds(60), () -> assertThat(Processes.alive(stopped)).isFalse());
    assertThat(server.awaitServing(2).pids()).doesNotContain(stopped);
  }

  @Test
  void whenAllAreSilentAtOnceNobodyIsKilled() {
    List<Integer> all = server.awaitServing(2).workers().stream().map(Status.Worker::pid).toList();
    all.forEach(pid -> server.signal(pid, Signal.STOP));
    server.awaitLog("workers are silent at once");
    all.forEach(pid -> server.signal(pid, Signal.CONT));
    List<Integer> after =
        server.awaitServing(2).workers().stream().map(Status.Worker::pid).toList();
    assertThat(after).containsExactlyInAnyOrderElementsOf(all);
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  private Path report() {
    return until(
        ofSeconds(20),
        () -> {
          try (Stream<Path> all = Files.list(server.runDir().resolve("incidents"))) {
            return all.filter(path -> path.toString().contains("-pid")).findFirst().orElse(null);
          }
        });
  }
}
