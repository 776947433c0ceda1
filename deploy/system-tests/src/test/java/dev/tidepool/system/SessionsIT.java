package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that all workers share, whatever becomes of the workers. */
final class SessionsIT {
  private static final int WORKERS = 3;
  private static final int STRANGERS = 40;
  private static final int LOOKS = 8;

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers { count = 3, task-threads = 2 }", "sessions.lock = \"per-request\"");

  @Test
  void anyWorkerServesAnySession() throws IOException {
    SocketAddress address = server.address();
    var visitor = new Visitor();
    Set<Integer> pids = new HashSet<>();
    for (int i = 1; i <= 200; i++) {
      Visitor.Count count = visitor.add(address);
      assertThat(count.count()).isEqualTo(i);
      pids.add(count.pid());
    }
    assertThat(pids).hasSize(WORKERS);
  }

  @Test
  void aPageThatDoesNotLookAtTheSessionIsServedWithoutAnError() throws IOException {
    var visitor = new Visitor();
    visitor.add(server.address());
    try (var connection = HttpConnection.open(server.address())) {
      for (String page : List.of("/hello", "/version", "/hello")) {
        assertThat(visitor.get(connection, page).status()).as(page).isEqualTo(200);
      }
      assertThat(visitor.add(connection, "").count()).isEqualTo(2);
    }
    assertThat(server.log()).doesNotContain("request failed", "Exception");
  }

  @Test
  void aSessionOutlivesAReloadWithNewCode() throws IOException {
    var visitor = new Visitor();
    String session = visitor.add(server.address()).session();
    for (int i = 2; i <= 4; i++) {
      server.replaceApp(Jars.demo("sessions-" + i));
      assertThat(server.reload().exitCode()).isZero();
      assertThat(server.get("/version").body()).contains("sessions-" + i);
      Visitor.Count count = visitor.add(server.address());
      assertThat(count.count()).isEqualTo(i);
      assertThat(count.session()).isEqualTo(session);
    }
  }

  @Test
  void aSessionOutlivesAllWorkers() throws IOException {
    SocketAddress address = server.address();
    var visitor = new Visitor();
    visitor.add(address);
    List<Integer> pids = server.awaitServing(WORKERS).pids();
    pids.forEach(pid -> server.signal(pid, Signal.KILL));
    eventually(
        TidepoolServer.START_LIMIT,
        () -> assertThat(server.awaitServing(WORKERS).pids()).doesNotContainAnyElementsOf(pids));
    assertThat(visitor.add(address).count()).isEqualTo(2);
  }

  @Test
  void requestsOfOneSessionWaitForEachOtherAndHoldUpNobodyElse() throws Exception {
    SocketAddress address = server.address();
    var visitor = new Visitor();
    visitor.add(address);
    try (var held = HttpConnection.open(address)) {
      var holder = inBackground(() -> visitor.add(held, "?hold=10000"));
      awaitBusy();
      // More than all workers have task threads: who waits must not hold one.
      List<CompletableFuture<Visitor.Count>> waiting = new ArrayList<>();
      for (int i = 0; i < 4 * WORKERS; i++) {
        Visitor same = visitor.sameSession();
        waiting.add(inBackground(() -> same.add(address)));
      }
      for (int i = 0; i < STRANGERS; i++) {
        assertThat(new Visitor().add(address).count()).isEqualTo(1);
      }
      assertThat(holder).isNotDone();
      assertThat(waiting).noneMatch(CompletableFuture::isDone);

      assertThat(holder.get().count()).isEqualTo(2);
      Set<Integer> counts = new HashSet<>();
      for (CompletableFuture<Visitor.Count> each : waiting) {
        counts.add(each.get().count());
      }
      assertThat(counts).as("each counted once").hasSize(waiting.size()).allMatch(n -> n > 2);
    }
  }

  @Test
  void aHolderThatDiesLetsTheNextGoOn() throws Exception {
    SocketAddress address = server.address();
    var visitor = new Visitor();
    visitor.add(address);
    try (var held = HttpConnection.open(address)) {
      Visitor same = visitor.sameSession();
      var holder = inBackground(() -> same.add(held, "?hold=600000"));
      int victim = awaitBusy();
      server.signal(victim, Signal.KILL);
      assertThat(visitor.add(address).count()).isEqualTo(2);
      assertThat(holder).failsWithin(ofSeconds(30));
    }
    server.awaitServing(WORKERS);
  }

  @Test
  void theCommandShowsVerifiesAndDropsSessions() throws IOException {
    var visitor = new Visitor();
    String id = visitor.add(server.address()).session();
    assertThat(server.cli("sessions").output()).contains("sessions ", " of 2000, ", "look-ups");
    var json = ConfigFactory.parseString(server.cli("sessions", "--json").output());
    assertThat(json.getLong("sessions")).isPositive();
    assertThat(json.getLong("capacity")).isEqualTo(2000);
    assertThat(server.cli("sessions", "verify").output()).contains("all is well");
    Cli.Result shown = server.cli("sessions", "show", id);
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.output()).contains(id, "count: ").doesNotContain("count: 1");
    assertThat(server.cli("sessions", "drop", id).exitCode()).isZero();
    assertThat(visitor.add(server.address()).session()).isNotEqualTo(id);
    for (String unknown : new String[] {id, "../../etc/passwd", "x".repeat(10_000)}) {
      Cli.Result none = server.cli("sessions", "show", unknown);
      assertThat(none.exitCode()).isEqualTo(1);
      assertThat(none.output()).contains("no session ");
    }
    assertThat(server.log()).contains("sessions by uid 0 pid").doesNotContain(id);
  }

  private interface Request {
    Visitor.Count send() throws IOException;
  }

  private static CompletableFuture<Visitor.Count> inBackground(Request request) {
    var answer = new CompletableFuture<Visitor.Count>();
    var thread =
        new Thread(
            () -> {
              try {
                answer.complete(request.send());
              } catch (IOException | AssertionError e) {
                answer.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return answer;
  }

  /**
   * The worker with a request that goes on and on: workers tell of a short one, too, until their
   * next heartbeat.
   */
  private static int awaitBusy() {
    List<Integer> looks = new ArrayList<>();
    return until(
        ofSeconds(20),
        () -> {
          looks.add(busyPid());
          List<Integer> last = looks.subList(Math.max(0, looks.size() - LOOKS), looks.size());
          boolean steady = last.size() == LOOKS && new HashSet<>(last).size() == 1;
          return steady && last.get(0) != 0 ? last.get(0) : null;
        });
  }

  private static int busyPid() {
    return server.status().json().getConfigList("workers").stream()
        .filter(worker -> worker.getLong("inFlight") > 0)
        .map(worker -> worker.getInt("pid"))
        .findFirst()
        .orElse(0);
  }
}
