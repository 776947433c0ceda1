package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What WildFly asks of a session manager over HTTP in its SessionManagementTester, with the
 * counters of its AtomicSessionServlet (changed in place) and MutexSessionServlet (set anew), over
 * two processes with the request lock. WildFly asks one server at a time, where a mutex of its JVM
 * keeps the count; we also ask both at once.
 */
class WildFlySuiteTest {
  private static final int ROUNDS = 4;
  private static final int AT_ONCE = 40;

  @TempDir static Path directory;
  private static List<WorkerProcess> workers;

  private final Browser browser = new Browser();
  private int expected;

  @BeforeAll
  static void start() throws IOException {
    workers = List.of(WorkerProcess.locking(directory), WorkerProcess.locking(directory));
  }

  @AfterAll
  static void stop() {
    workers.forEach(WorkerProcess::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"atomic", "integer"})
  void countsOverBothWorkers(String kind) {
    workers.forEach(this::expectNoSession);
    HttpResponse<String> made = send(workers.get(0), "PUT", "?kind=" + kind);
    String id = header(made, "session-id");
    String immutable = header(made, "immutable");

    for (int round = 0; round < ROUNDS; round++) {
      for (WorkerProcess worker : workers) {
        HttpResponse<String> counted = send(worker, "GET", "");
        assertThat(header(counted, "counter")).isEqualTo(String.valueOf(++expected));
        assertThat(header(counted, "session-id")).isEqualTo(id);
        assertThat(header(counted, "immutable")).isEqualTo(immutable);
        countAtOnce(List.of(worker));
      }
      countAtOnce(workers);
    }

    assertThat(header(send(workers.get(0), "DELETE", ""), "session-id")).isEmpty();
    browser.cookie = id; // as a client that does not hear of the end
    workers.forEach(this::expectNoSession);
  }

  private void expectNoSession(WorkerProcess worker) {
    HttpResponse<String> response = send(worker, "HEAD", "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "session-id")).isEmpty();
  }

  /** No two requests may see the same count, nor any be left out. */
  private void countAtOnce(List<WorkerProcess> asked) {
    List<CompletableFuture<HttpResponse<String>>> running = new ArrayList<>();
    List<Integer> awaited = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      running.add(browser.start(asked.get(i % asked.size()).port(), "/counter"));
      awaited.add(++expected);
    }
    List<Integer> counted =
        running.stream().map(r -> Integer.valueOf(header(r.join(), "counter"))).toList();
    assertThat(counted).containsExactlyInAnyOrderElementsOf(awaited);
  }

  private HttpResponse<String> send(WorkerProcess worker, String method, String query) {
    return browser.send(method, worker.port(), "/counter" + query);
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
