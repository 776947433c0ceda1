package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.handlers.BlockingHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskPoolTest {
  private static final int CLIENTS = 10;

  @TempDir Path directory;

  @Test
  void whatTheQueueDoesNotHoldIsToldToComeAgain() throws Exception {
    var release = new CountDownLatch(1);
    var app =
        new BlockingHandler(
            exchange -> {
              release.await();
              exchange.getResponseSender().send("done");
            });
    List<RawClient> clients = new ArrayList<>();
    try (var pool = new TestPool(directory, 1)) {
      Service service = pool.serving(0, app, "workers.task-threads=1", "workers.task-queue=3");
      for (int i = 0; i < CLIENTS; i++) {
        var client = new RawClient(pool.port);
        clients.add(client);
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      TestPool.eventually("all have come", () -> service.totals.started.sum() == CLIENTS);
      release.countDown();
      int done = 0;
      for (RawClient client : clients) {
        RawClient.Answer answer = client.read();
        if (answer.status() == 200) {
          done++;
        } else {
          assertThat(answer.status()).isEqualTo(503);
          assertThat(answer.headers()).containsEntry("retry-after", "1");
        }
      }
      // The heartbeat of the task pool may take one place.
      assertThat(done).isBetween(3, 4);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }
}
