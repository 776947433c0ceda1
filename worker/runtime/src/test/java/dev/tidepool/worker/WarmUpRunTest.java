package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.app.WarmUp;
import io.undertow.server.HttpHandler;
import io.undertow.server.ServerConnection;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmUpRunTest {
  @TempDir Path directory;

  private int warm(TestPool pool, HttpHandler app, String... sets) throws Exception {
    Service worker = pool.worker(0, app, sets);
    int requests = new WarmUpRun(TestPool.settings(sets), worker).run();
    assertThat(worker.totals.served.sum()).isZero();
    assertThat(worker.totals.started.sum()).isZero();
    assertThat(worker.front.connections.clients()).isZero();
    assertThat(worker.front.goodbye.leaving()).isZero();
    assertThat(pool.connections(0)).isZero();
    return requests;
  }

  @Test
  void requestsEachPathMarkedAndUncounted() throws Exception {
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    HttpHandler app =
        exchange -> {
          seen.merge(exchange.getRequestPath() + WarmUp.isWarmUp(exchange), 1, Integer::sum);
          exchange.getResponseSender().send("x".repeat(5000));
        };
    try (var pool = new TestPool(directory, 1)) {
      int requests = warm(pool, app, "warm-up.paths=[/a, /b]", "warm-up.round=50");
      assertThat(requests).isGreaterThanOrEqualTo(100).matches(count -> count % 50 == 0);
      assertThat(new TreeMap<>(seen)).containsOnlyKeys("/atrue", "/btrue");
    }
  }

  @Test
  void opensConnectionsAsClientsDo() throws Exception {
    Set<ServerConnection> clients = ConcurrentHashMap.newKeySet();
    HttpHandler app = exchange -> clients.add(exchange.getConnection());
    try (var pool = new TestPool(directory, 1)) {
      int requests = warm(pool, app, "warm-up.round=50");
      assertThat(clients).hasSize(requests - (requests + 1) / 3); // two of three begin one
    }
  }

  @Test
  void servesNobodyElseMeanwhile() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.worker(0, exchange -> exchange.setStatusCode(200));
      try (WarmUpListener listener = worker.warmUpListener();
          var stranger = new Socket()) {
        stranger.connect(listener.address);
        assertThat(stranger.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void readsAllKindsOfAnswers() throws Exception {
    HttpHandler app =
        exchange -> {
          switch (exchange.getRequestPath()) {
            case "/chunked" -> {
              exchange.startBlocking();
              exchange.dispatch(
                  exchange.getConnection().getWorker(),
                  e -> {
                    e.startBlocking();
                    e.getOutputStream().write(new byte[100_000]);
                    e.endExchange();
                  });
            }
            case "/close" -> {
              exchange.setPersistent(false);
              exchange.getResponseSender().send("bye");
            }
            case "/empty" -> exchange.setStatusCode(204);
            default -> exchange.setStatusCode(404);
          }
        };
    try (var pool = new TestPool(directory, 1)) {
      assertThat(
              warm(
                  pool, app, "warm-up.paths=[/chunked, /close, /empty, /none]", "warm-up.round=20"))
          .isGreaterThanOrEqualTo(40);
    }
  }

  @Test
  void aServerErrorFailsItAndNamesPathAndStatus() throws Exception {
    HttpHandler app = exchange -> exchange.setStatusCode(503);
    try (var pool = new TestPool(directory, 1)) {
      assertThatThrownBy(() -> warm(pool, app, "warm-up.paths=[/ready]"))
          .isInstanceOf(AppFailure.class)
          .hasMessage("GET /ready answered 503");
    }
  }

  @Test
  void aBrokenAnswerFailsIt() throws Exception {
    HttpHandler app = exchange -> exchange.getConnection().close();
    try (var pool = new TestPool(directory, 1)) {
      assertThatThrownBy(() -> warm(pool, app, "warm-up.paths=[/broken]"))
          .isInstanceOf(AppFailure.class)
          .hasMessageContaining("GET /broken: broken answer");
    }
  }

  @Test
  void aLimitOfZeroMeansNone() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      assertThat(warm(pool, exchange -> exchange.setStatusCode(500), "warm-up.limit=0 s")).isZero();
    }
  }
}
