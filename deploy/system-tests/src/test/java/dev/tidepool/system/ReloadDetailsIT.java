package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reload does and says besides losing nothing. */
final class ReloadDetailsIT {
  /** For what is the same with any number of workers. */
  private static final String ONE_WORKER = "workers.count = 1";

  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig().notStarted();

  @Test
  void theReceiptNamesTheNewPidsAndWhatItCost() {
    server.start();
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).isZero();
    assertThat(server.pids())
        .allSatisfy(pid -> assertThat(reload.output()).contains(String.valueOf(pid)));
    assertThat(reload.output()).contains(" ms", "served", "drained", "cut", "overflows", "drops");
    assertThat(server.log()).contains("reload by uid 0 pid", "reload done: ");
  }

  @Test
  void allProcessesAreNewAndTheMasterIsNot() {
    server.start();
    int master = server.pid();
    List<Integer> before = server.pids();
    server.reload();
    assertThat(server.pids()).hasSize(2).doesNotContainAnyElementsOf(before);
    assertThat(server.status().masterPid()).isEqualTo(master);
    assertThat(before).noneMatch(Processes::alive);
  }

  @Test
  void aReloadThatNobodyWaitsForHappensToo() {
    startWith(ONE_WORKER);
    assertThat(server.cli("reload", "--no-wait").exitCode()).isZero();
    server.awaitLog("generation 2 serves after");
    assertThat(server.status().generation()).isEqualTo(2);
  }

  @Test
  void hangupsDuringAReloadAreOneMoreReload() {
    server.start();
    server.configure("app.settings { start-delay = 2 s }");
    server.signalMaster(Signal.HUP);
    server.awaitLog(": reloading");
    server.signalMaster(Signal.HUP);
    server.awaitLog("reload queued behind the one under way");
    server.signalMaster(Signal.HUP);
    server.awaitLog("generation 3 serves after");
    server.awaitServing(2);
    assertThat(server.status().generation()).isEqualTo(3);
  }

  @Test
  void aLongRequestIsAnsweredByTheWorkerThatTookIt() throws IOException {
    server.start();
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=12000", new byte[0], "");
      List<Integer> before = busyPids();
      server.cli("reload", "--no-wait");
      var answer = slow.receive();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(before).isNotEmpty();
    }
    server.awaitLog("generation 2 serves after");
    assertThat(server.log()).contains(" 0 cut");
  }

  @Test
  void aRequestPastTheDeadlineIsCut() throws IOException {
    startWith(ONE_WORKER, "drain { idle-window = 200 ms, timeout = 1 s }");
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=60000", new byte[0], "");
      busyPids();
      Cli.Result reload = server.reload();
      assertThat(reload.exitCode()).isZero();
      assertThat(reload.output()).contains("1 cut");
    }
  }

  @Test
  void theCompilersOfANewWorkerAreNicerWhileAnOldOneServes() throws IOException {
    startWith(ONE_WORKER, "workers.compile-nice = 7", "drain { ramp = 60 s, timeout = 120 s }");
    int usual = Processes.nice(server.pid());
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=60000", new byte[0], "");
      int old = busyPids().get(0);
      server.signalMaster(Signal.HUP);
      int fresh =
          until(
              TidepoolServer.START_LIMIT,
              () -> server.pids().stream().filter(pid -> pid != old).findFirst().orElse(null));
      eventually(
          TidepoolServer.START_LIMIT,
          () -> assertThat(compilerNiceness(fresh)).isNotEmpty().containsOnly(usual + 7));
      assertThat(Processes.nice(fresh)).isEqualTo(usual);
      server.signal(old, Signal.KILL);
      eventually(ofSeconds(20), () -> assertThat(compilerNiceness(fresh)).containsOnly(usual));
    }
  }

  private static List<Integer> compilerNiceness(int pid) {
    return Processes.threadNiceness(pid, name -> name.matches("C\\d CompilerThre"));
  }

  @Test
  void newAddressesAreOpenedAndOldOnesClosed() {
    startWith(ONE_WORKER);
    var socket = UnixDomainSocketAddress.of(server.directory().root().resolve("web.sock"));
    server.configure(
        ONE_WORKER, "listen.http = [\"127.0.0.1:0\", \"unix:" + socket.getPath() + "\"]");
    assertThat(server.reload().exitCode()).isZero();
    assertThat(TidepoolServer.request(socket, "GET", "/hello").status()).isEqualTo(200);
    var tcp = server.address();
    server.configure(ONE_WORKER, "listen.http = \"unix:" + socket.getPath() + "\"");
    assertThat(server.reload().exitCode()).isZero();
    assertThat(TidepoolServer.request(socket, "GET", "/hello").status()).isEqualTo(200);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> HttpConnection.open(tcp))
        .hasMessageContaining("REFUSED");
    assertThat(server.log())
        .contains("listens on unix:" + socket.getPath() + " (http)")
        .contains("no longer listens on 127.0.0.1:" + tcp.getPort());
  }

  @Test
  void settingsOfTheAppComeWithTheReload() {
    startWith(ONE_WORKER);
    server.configure(ONE_WORKER, "app.settings.version = \"two\"");
    server.reload();
    assertThat(server.get("/version").body()).contains("two");
  }

  @Test
  void theNumberOfWorkersIsTheScaledOneUntilTheConfiguredOneChanges() {
    server.start();
    server.cli("scale", "3");
    server.awaitServing(3);
    assertThat(server.reload().exitCode()).isZero();
    server.awaitServing(3);
    server.configure("workers.count = 1");
    assertThat(server.reload().exitCode()).isZero();
    server.awaitServing(1);
  }

  @Test
  void onlyTheLastGenerationsAreKept() throws IOException {
    startWith(ONE_WORKER, "reload.keep-generations = 2");
    for (int i = 0; i < 3; i++) {
      server.replaceApp(Jars.demo("kept-" + i));
      server.reload();
    }
    assertThat(names("generations")).containsExactly("3", "4");
    assertThat(names("apps")).hasSize(2);
  }

  @Test
  void aHangupEndsTheWatch() {
    server.start();
    server.configure("reload.watch = 10 m");
    server.cli("reload", "--no-wait");
    eventually(
        ofSeconds(60),
        () ->
            assertThat(server.status().serving())
                .hasSize(2)
                .allMatch(worker -> worker.generation() == 2));
    server.signalMaster(Signal.HUP);
    server.awaitLog("generation 2 serves after");
  }

  private void startWith(String... lines) {
    server.configure(lines);
    server.start();
  }

  /** Waits until some worker has a request under way. */
  private List<Integer> busyPids() {
    return Eventually.until(
        ofSeconds(20),
        () -> {
          var busy =
              server.status().json().getConfigList("workers").stream()
                  .filter(worker -> worker.getLong("inFlight") > 0)
                  .map(worker -> worker.getInt("pid"))
                  .toList();
          return busy.isEmpty() ? null : busy;
        });
  }

  private List<String> names(String folder) throws IOException {
    try (Stream<Path> all = Files.list(server.runDir().resolve(folder))) {
      return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }
}
