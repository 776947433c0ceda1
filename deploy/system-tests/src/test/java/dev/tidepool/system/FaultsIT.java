package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each way to be sick of the demo app: what the client sees, what is kept, that others go on. */
final class FaultsIT {
  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers { count = 2, spares = 1, task-threads = 4, restart-delay = 10 ms }",
          "workers { restart-delay-max = 1 s }",
          // A worker that runs out of memory shall die of it, however long its collections take.
          "health { heartbeat-timeout = 3 s, checks { interval = 200 ms, gc-time.action = log } }",
          "request { soft-timeout = 1 s, interrupt-grace = 500 ms }",
          "request.paths { \"/fault/spin\" { hard-timeout = 1 s } }",
          "request.paths { \"/sleep\" { hard-timeout = 2 s } }",
          "drain { idle-window = 500 ms, timeout = 5 s }",
          "incidents.keep = 100",
          "poison { deaths = 3, block = 1 m }");

  private int logged;
  private List<Path> reportsBefore = List.of();

  /** Also the end of each test: the pool is whole again, and answers. */
  @AfterEach
  void thePoolIsWhole() {
    server.awaitServing(2);
    assertThat(server.get("/hello").status()).isEqualTo(200);
    assertThat(Processes.zombiesOf(server.pid())).isEmpty();
  }

  @Test
  void aCrashIsReportedWithTheRequestThatRan() throws IOException {
    for (Map.Entry<String, String> fault :
        Map.of(
                "/fault/halt", "code 43",
                "/fault/exit", "code 42",
                "/fault/oom", "out of memory",
                "/fault/segv", "fatal error of the JVM")
            .entrySet()) {
      begin();
      request(fault.getKey());
      awaitNewLog("died while serving: ");
      assertThat(newLog()).contains(fault.getValue(), "in flight: GET " + fault.getKey() + " for ");
      Path report = newReport("incident.txt");
      assertThat(report.resolve("incident.txt"))
          .content()
          .contains("died: ", "GET " + fault.getKey() + " for ", " on http ");
      assertThat(report.resolve("log.txt")).isNotEmptyFile();
      if (fault.getKey().equals("/fault/segv")) {
        eventually(
            TidepoolServer.START_LIMIT,
            () -> assertThat(report.resolve("hs_err.log")).isNotEmptyFile());
      }
      server.awaitServing(2);
    }
  }

  @Test
  void aDeathBySignalIsReported() throws IOException {
    for (Signal signal : List.of(Signal.SEGV, Signal.XCPU, Signal.KILL)) {
      begin();
      int victim = server.awaitServing(2).pids().get(0);
      server.signal(victim, signal);
      awaitNewLog("pid=" + victim + " gen=1 died while serving: signal ");
      assertThat(newReport("incident.txt").getFileName().toString()).endsWith("-pid" + victim);
    }
  }

  @Test
  void anExceptionCostsItsRequestOnly() {
    List<Integer> before = server.awaitServing(2).pids();
    assertThat(server.get("/fault/throw").status()).isEqualTo(500);
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
  }

  @Test
  void aStuckTaskPoolIsReplaced() throws IOException {
    begin();
    request("/fault/stuck");
    awaitNewLog("is stuck: all task threads wait for others");
    Path report = newReport("heap.txt");
    assertThat(report.resolve("incident.txt")).content().contains("GET /fault/stuck for ");
    assertThat(report.resolve("threads.txt")).content().contains("Faults.blockForGood");
    assertThat(report.resolve("heap.txt")).content().contains("eden space");
    assertThat(report.resolve("process.txt")).content().contains("VmRSS", "descriptors: ");
  }

  @Test
  void aDeadlockIsFound() throws IOException {
    begin();
    request("/fault/deadlock");
    awaitNewLog("2 threads wait for each other for good (health.checks.deadlock)");
    Path report = newReport("heap.txt");
    assertThat(report.resolve("incident.txt")).content().contains("GET /fault/deadlock for ");
    assertThat(report.resolve("threads.txt")).content().contains("Found one Java-level deadlock");
  }

  @Test
  void aThreadThatDoesNotComeBackIsGivenUp() throws IOException {
    begin();
    try (var connection = HttpConnection.open(server.address())) {
      assertThat(connection.exchange("GET", "/fault/spin", new byte[0], "").status())
          .isEqualTo(503);
    }
    assertThat(newLog())
        .contains("GET /fault/spin takes ", "request.hard-timeout", "giving it up", "Faults.spin");
    awaitNewLog("did not come back from an interrupt: another takes its place, and it drains");
  }

  @Test
  void aRequestThatTakesTooLongIsInterruptedAndNothingElse() {
    List<Integer> before = server.awaitServing(2).pids();
    begin();
    assertThat(server.get("/sleep?ms=60000").status()).isEqualTo(503);
    assertThat(newLog()).contains("slow: GET /sleep takes ", "Thread.sleep");
    assertThat(newLog()).contains("request.hard-timeout): interrupted");
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
  }

  @Test
  void aPoolFullOfSlowRequestsIsNotStuck() throws IOException {
    List<Integer> before = server.awaitServing(2).pids();
    List<HttpConnection> slow = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      HttpConnection connection = HttpConnection.open(server.address());
      connection.send("POST", "/session/counter?hold=4000", new byte[0], "");
      slow.add(connection);
    }
    for (HttpConnection connection : slow) {
      assertThat(connection.receive().status()).isEqualTo(200);
      connection.close();
    }
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
  }

  @Test
  void whatKillsWorkerAfterWorkerIsNamedAndKeptFromTheApp() throws IOException {
    for (int death = 1; death <= 3; death++) {
      begin();
      request("/fault/halt/" + death);
      awaitNewLog("died while serving");
      server.awaitServing(2);
    }
    awaitNewLog("GET /fault/halt/{id} was being worked on in 3 workers when they died");
    List<Integer> before = server.pids();
    assertThat(server.get("/fault/halt/4").status()).isEqualTo(503);
    assertThat(server.pids()).isEqualTo(before);
    assertThat(server.status().json().getObject("poisonRequests").unwrapped())
        .containsEntry("GET /fault/halt/{id}", 3);
  }

  private void begin() {
    logged = server.log().length();
    reportsBefore = reports();
  }

  private String newLog() {
    return server.log().substring(logged);
  }

  private void awaitNewLog(String text) {
    eventually(TidepoolServer.START_LIMIT, () -> assertThat(newLog()).contains(text));
  }

  /** The one report since {@link #begin}, once it holds this file. */
  private Path newReport(String file) {
    return until(
        TidepoolServer.START_LIMIT,
        () ->
            reports().stream()
                .filter(r -> !reportsBefore.contains(r))
                .filter(r -> hasContent(r.resolve(file)) && hasContent(r.resolve("log.txt")))
                .findFirst()
                .orElse(null));
  }

  private static boolean hasContent(Path file) {
    return Files.exists(file) && file.toFile().length() > 0;
  }

  private static List<Path> reports() {
    Path incidents = server.runDir().resolve("incidents");
    if (!Files.exists(incidents)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(incidents)) {
      return all.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends a request that gets no answer; the sibling answers meanwhile. */
  private static void request(String path) throws IOException {
    try (var connection = HttpConnection.open(server.address())) {
      connection.send("GET", path, new byte[0], "");
      // A connection that the dying worker had accepted is lost with it.
      eventually(
          TidepoolServer.START_LIMIT,
          () -> assertThat(server.get("/hello").status()).isEqualTo(200));
    }
  }
}
