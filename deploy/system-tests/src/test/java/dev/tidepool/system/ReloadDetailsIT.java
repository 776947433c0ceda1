package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reload does and says besides losing nothing. */
final class ReloadDetailsIT {
  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig();

  @ConcurrentTest
  void theReceiptNamesTheNewPidsAndWhatItCost() {
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).isZero();
    assertThat(server.pids())
        .allSatisfy(pid -> assertThat(reload.output()).contains(String.valueOf(pid)));
    assertThat(reload.output()).contains(" ms", "served", "drained", "cut", "overflows", "drops");
    assertThat(server.log()).contains("reload by uid 0 pid", "reload done: ");
  }

  @ConcurrentTest
  void allProcessesAreNewAndTheMasterIsNot() {
    int master = server.pid();
    List<Integer> before = server.pids();
    server.reload();
    assertThat(server.pids()).hasSize(2).doesNotContainAnyElementsOf(before);
    assertThat(server.status().masterPid()).isEqualTo(master);
    assertThat(before).noneMatch(Processes::alive);
  }

  @ConcurrentTest
  void aReloadThatNobodyWaitsForHappensToo() {
    assertThat(server.cli("reload", "--no-wait").exitCode()).isZero();
    server.awaitLog("generation 2 serves after");
    assertThat(server.status().generation()).isEqualTo(2);
  }

  @ConcurrentTest
  void hangupsDuringAReloadAreOneMoreReload() {
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

  @ConcurrentTest
  void aLongRequestIsAnsweredByTheWorkerThatTookIt() throws IOException {
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

  @ConcurrentTest
  void aRequestPastTheDeadlineIsCut() throws IOException {
    server.configure("drain { idle-window = 200 ms, timeout = 1 s }");
    server.reload();
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=60000", new byte[0], "");
      busyPids();
      Cli.Result reload = server.reload();
      assertThat(reload.exitCode()).isZero();
      assertThat(reload.output()).contains("1 cut");
    }
  }

  @ConcurrentTest
  void newAddressesAreOpenedAndOldOnesClosed() {
    var socket = UnixDomainSocketAddress.of(server.directory().root().resolve("web.sock"));
    server.configure("listen.http = [\"127.0.0.1:0\", \"unix:" + socket.getPath() + "\"]");
    assertThat(server.reload().exitCode()).isZero();
    assertThat(TidepoolServer.request(socket, "GET", "/hello").status()).isEqualTo(200);
    var tcp = server.address();
    server.configure("listen.http = \"unix:" + socket.getPath() + "\"");
    assertThat(server.reload().exitCode()).isZero();
    assertThat(TidepoolServer.request(socket, "GET", "/hello").status()).isEqualTo(200);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> HttpConnection.open(tcp))
        .hasMessageContaining("REFUSED");
  }

  @ConcurrentTest
  void settingsOfTheAppComeWithTheReload() {
    server.configure("app.settings.version = \"two\"");
    server.reload();
    assertThat(server.get("/version").body()).contains("two");
  }

  @ConcurrentTest
  void theNumberOfWorkersIsTheScaledOneUntilTheConfiguredOneChanges() {
    server.cli("scale", "3");
    server.awaitServing(3);
    assertThat(server.reload().exitCode()).isZero();
    server.awaitServing(3);
    server.configure("workers.count = 1");
    assertThat(server.reload().exitCode()).isZero();
    server.awaitServing(1);
  }

  @ConcurrentTest
  void onlyTheLastGenerationsAreKept() throws IOException {
    server.configure("reload.keep-generations = 2");
    for (int i = 0; i < 3; i++) {
      server.replaceApp(Jars.demo("kept-" + i));
      server.reload();
    }
    assertThat(names("generations")).containsExactly("3", "4");
    assertThat(names("apps")).hasSize(2);
  }

  @ConcurrentTest
  void aHangupEndsTheWatch() {
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
