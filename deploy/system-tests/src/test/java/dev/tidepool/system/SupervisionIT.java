package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that end, in each state of their life, and how that is told. */
final class SupervisionIT {
  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig().notStarted();

  @Test
  void aServingWorkerIsReplaced() {
    server.start();
    int victim = server.pids().get(0);
    server.signal(victim, Signal.KILL);
    eventually(ofSeconds(30), () -> assertThat(server.pids()).hasSize(2).doesNotContain(victim));
    server.awaitServing(2);
    assertThat(server.get("/hello").status()).isEqualTo(200);
    assertThat(lineWith("pid=" + victim + " ", "died")).contains("signal 9 (KILL");
  }

  @Test
  void aSpareTakesThePlaceAndIsReplaced() {
    server.configure("workers.spares = 1");
    server.start();
    int spare =
        until(
            ofSeconds(60),
            () ->
                server.status().spares().stream()
                    .filter(Status.Worker::isReadySpare)
                    .map(Status.Worker::pid)
                    .findFirst()
                    .orElse(null));
    server.signal(server.pids().get(0), Signal.KILL);
    eventually(ofSeconds(30), () -> assertThat(server.pids()).contains(spare));
    eventually(
        ofSeconds(60),
        () ->
            assertThat(server.status().spares())
                .hasSize(1)
                .allMatch(worker -> worker.isReadySpare() && worker.pid() != spare));
  }

  @Test
  void aSpareThatDiesIsReplaced() {
    server.configure("workers.spares = 1");
    server.start();
    int spare = pidInState("standby");
    server.signal(spare, Signal.KILL);
    eventually(
        ofSeconds(60),
        () ->
            assertThat(server.status().spares())
                .hasSize(1)
                .allMatch(worker -> worker.isReadySpare() && worker.pid() != spare));
  }

  @Test
  void aWorkerKilledWhileItStartsIsReplaced() {
    server.configure("app.settings.start-delay = 3 s");
    server.start();
    server.signal(server.pids().get(0), Signal.KILL);
    killInState("starting");
  }

  @Test
  void aWorkerKilledWhileItWarmsIsReplaced() {
    server.configure("warm-up { paths = [\"/sleep?ms=100\"], round = 30, limit = 5 s }");
    server.start();
    server.signal(server.pids().get(0), Signal.KILL);
    killInState("warming");
  }

  @Test
  void aWorkerKilledWhileItDrainsDoesNotHoldUpTheReload() throws IOException {
    server.configure("drain { idle-window = 200 ms, timeout = 10 m }");
    server.start();
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=600000", new byte[0], "");
      server.cli("reload", "--no-wait");
      server.signal(busyWorkerThatDrains(), Signal.KILL);
      server.awaitLog("generation 2 serves after");
    }
    server.awaitServing(2);
  }

  @Test
  void aWorkerKilledWhileItStopsIsGone() {
    server.configure("app.settings.stop-delay = 60 s", "workers.stop-timeout = 60 s");
    server.start();
    server.signalMaster(Signal.TTOU);
    int stopping =
        until(
            ofSeconds(60),
            () ->
                server.status().workers().stream()
                    .filter(w -> w.role().equals("leaving") && Processes.alive(w.pid()))
                    .map(Status.Worker::pid)
                    .findFirst()
                    .orElse(null));
    server.signal(stopping, Signal.KILL);
    server.awaitServing(1);
    // The one that is left would take as long to stop.
    server.configure();
    server.cli("stop", "--fast");
    server.pids().forEach(pid -> server.signal(pid, Signal.KILL));
  }

  @Test
  void exitCodesAreExplained() {
    server.start();
    dies("/fault/halt", "died", "code ");
    dies("/fault/exit", "died", "code ");
    dies("/fault/oom", "code 3 (out of memory)");
    dies("/fault/segv", "signal 6 (ABRT, fatal error of the JVM");
  }

  @Test
  void aCrashLoopIsSlowedDownAndCanBeRepaired() {
    server.configure(
        "workers { count = 1, restart-delay = 200 ms, restart-delay-max = 1 s }",
        "reload.fallback-deaths = 0");
    server.start();
    server.replaceApp(Jars.of(DiesServingApp.class));
    assertThat(server.reload().exitCode()).isZero();
    server.loseRequestsUntilLog("next start in 400 ms");
    server.loseRequestsUntilLog("next start in 1000 ms");
    assertThat(server.log()).doesNotContain("next start in 1600 ms");
    server.replaceApp(Jars.demo());
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).as(reload.output()).isZero();
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  private void killInState(String state) {
    int victim = pidInState(state);
    server.signal(victim, Signal.KILL);
    eventually(
        TidepoolServer.START_LIMIT,
        () -> assertThat(server.awaitServing(2).pids()).doesNotContain(victim));
  }

  private int pidInState(String state) {
    return until(
        TidepoolServer.START_LIMIT,
        () ->
            server.status().workers().stream()
                .filter(worker -> worker.state().equals(state))
                .map(Status.Worker::pid)
                .findFirst()
                .orElse(null));
  }

  private int busyWorkerThatDrains() {
    return until(
        TidepoolServer.START_LIMIT,
        () ->
            server.status().json().getConfigList("workers").stream()
                .filter(worker -> worker.getString("state").equals("draining"))
                .filter(worker -> worker.getLong("inFlight") > 0)
                .map(worker -> worker.getInt("pid"))
                .findFirst()
                .orElse(null));
  }

  private void dies(String fault, String... told) {
    server.awaitServing(2);
    List<Integer> before = server.pids();
    int logged = server.log().length();
    try (var connection = HttpConnection.open(server.address())) {
      connection.get(fault);
    } catch (IOException expected) {
      assertThat(expected.getMessage()).contains("LOST");
    }
    eventually(
        ofSeconds(60),
        () -> assertThat(server.log().substring(logged)).contains("died").contains(told));
    eventually(
        ofSeconds(60),
        () -> assertThat(server.awaitServing(2).pids().containsAll(before)).isFalse());
  }

  private String lineWith(String... parts) {
    return server
        .log()
        .lines()
        .filter(line -> Stream.of(parts).allMatch(line::contains))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line with " + List.of(parts)));
  }
}
