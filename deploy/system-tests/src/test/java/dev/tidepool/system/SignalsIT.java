package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each signal to the master. */
final class SignalsIT {
  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("log.file = \"@DIR@/server.log\"", "drain.timeout = 30 s");

  @Test
  void hangupReloads() {
    List<Integer> before = server.pids();
    server.signalMaster(Signal.HUP);
    awaitServerLog("generation 2 serves after");
    assertThat(server.pids()).hasSize(2).doesNotContainAnyElementsOf(before);
  }

  @Test
  void quitAnswersWhatIsUnderWay() throws IOException {
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=3000", new byte[0], "");
      awaitBusy();
      server.signalMaster(Signal.QUIT);
      assertThat(slow.receive().status()).isEqualTo(200);
    }
    assertEnded();
  }

  @Test
  void terminateDoesNotWaitForRequests() throws IOException {
    endsFast(Signal.TERM);
  }

  @Test
  void interruptDoesNotWaitForRequests() throws IOException {
    endsFast(Signal.INT);
  }

  @Test
  void usr1OpensTheLogAnew() throws IOException {
    Path moved = server.directory().root().resolve("moved.log");
    Files.move(serverLog(), moved);
    server.signalMaster(Signal.USR1);
    eventually(ofSeconds(20), () -> assertThat(serverLog()).exists());
    server.signal(server.pids().get(0), Signal.KILL);
    server.awaitServing(2);
    eventually(
        ofSeconds(20),
        () -> assertThat(server.directory().read(serverLog())).contains("master", "slot="));
    for (int pid : server.pids()) {
      eventually(
          ofSeconds(20),
          () ->
              assertThat(Processes.descriptors(pid))
                  .contains(serverLog().toString())
                  .doesNotContain(moved.toString()));
    }
  }

  @Test
  void windowChangeDrainsUntilTheNextScale() {
    var address = server.address();
    server.signalMaster(Signal.WINCH);
    eventually(ofSeconds(30), () -> assertThat(server.status().workers()).isEmpty());
    var waiting =
        CompletableFuture.supplyAsync(() -> TidepoolServer.request(address, "GET", "/hello"));
    assertThat(server.status().workers()).isEmpty();
    assertThat(server.cli("scale", "2").exitCode()).isZero();
    server.awaitServing(2);
    assertThat(waiting.join().status()).isEqualTo(200);
  }

  @Test
  void windowChangeDrainsUntilTheNextHangup() {
    server.signalMaster(Signal.WINCH);
    eventually(ofSeconds(30), () -> assertThat(server.status().workers()).isEmpty());
    server.signalMaster(Signal.HUP);
    server.awaitServing(2);
  }

  @Test
  void ttinAndTtouChangeTheNumberOfWorkers() {
    server.signalMaster(Signal.TTIN);
    server.awaitServing(3);
    server.signalMaster(Signal.TTOU);
    server.awaitServing(2);
    server.signalMaster(Signal.TTOU);
    server.awaitServing(1);
    server.signalMaster(Signal.TTOU);
    awaitServerLog("cannot scale to 0 workers");
    server.awaitServing(1);
  }

  @Test
  void usr2IsRefusedForNow() {
    server.signalMaster(Signal.USR2);
    awaitServerLog("not supported");
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  private void endsFast(Signal signal) throws IOException {
    try (var slow = HttpConnection.open(server.address())) {
      slow.send("GET", "/sleep?ms=600000", new byte[0], "");
      awaitBusy();
      server.signalMaster(signal);
      assertEnded();
    }
  }

  private void assertEnded() {
    assertThat(server.awaitExit(ofSeconds(30))).isZero();
    assertThat(server.runDir().resolve("tidepool.pid")).doesNotExist();
    assertThat(server.runDir().resolve("control.sock")).doesNotExist();
    eventually(
        ofSeconds(10),
        () -> assertThat(Processes.mentioning(server.directory().root().toString())).isEmpty());
  }

  private void awaitBusy() {
    eventually(
        ofSeconds(20),
        () ->
            assertThat(server.status().json().getConfigList("workers"))
                .anyMatch(worker -> worker.getLong("inFlight") > 0));
  }

  private Path serverLog() {
    return server.directory().root().resolve("server.log");
  }

  private void awaitServerLog(String text) {
    eventually(
        ofSeconds(60), () -> assertThat(server.directory().read(serverLog())).contains(text));
  }
}
