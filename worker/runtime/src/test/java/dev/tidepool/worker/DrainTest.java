package dev.tidepool.worker;

import static dev.tidepool.worker.TestPool.PATIENCE;
import static dev.tidepool.worker.TestPool.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.WorkerState;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker leaves, and no client notices more than {@code Connection: close}. */
class DrainTest {
  private static final HttpHandler HELLO = exchange -> exchange.getResponseSender().send("hello");

  @TempDir Path directory;

  private static boolean ends(Thread thread, Duration limit) throws InterruptedException {
    thread.join(limit.toMillis());
    return !thread.isAlive();
  }

  @Test
  void aBusyKeepAliveClientIsToldBeforeItsConnectionCloses() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, HELLO, "drain.idle-window=500 ms");
      try (var client = new RawClient(pool.port)) {
        assertThat(client.get("/").saysClose()).isFalse();
        Thread drain = pool.drain(0, worker);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100)); // the pause of a client
        assertThat(client.get("/").saysClose()).isTrue();
        assertThat(client.isClosedWithin(5_000)).isTrue();
        assertThat(ends(drain, PATIENCE)).isTrue();
      }
    }
  }

  @Test
  void clientsAreToldByTurnsWhileANewerGenerationServesAndElseAtOnce() throws Exception {
    try (var pool = new TestPool(directory, 2)) {
      Service worker = pool.serving(0, HELLO, "drain.ramp=10 m", "drain.timeout=1 h");
      try (var first = new RawClient(pool.port);
          var second = new RawClient(pool.port);
          var third = new RawClient(pool.port)) {
        for (RawClient client : List.of(first, second, third)) {
          assertThat(client.get("/").saysClose()).isFalse();
        }
        pool.scoreboard.record(1).assign(1, 1, 1, 2);
        pool.serving(1, HELLO);
        pool.acquainted();
        Thread drain = pool.drain(0, worker);
        assertThat(first.get("/").saysClose()).isTrue();
        for (int i = 0; i < 10; i++) {
          assertThat(second.get("/").saysClose()).isFalse();
          assertThat(third.get("/").saysClose()).isFalse();
        }
        pool.scoreboard.record(1).state(WorkerState.DRAINING);
        eventually("told at last", () -> told(second));
        assertThat(third.get("/").saysClose()).isTrue();
        assertThat(ends(drain, PATIENCE)).isTrue();
      }
    }
  }

  private static boolean told(RawClient client) {
    try {
      return client.get("/").saysClose();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anIdleConnectionStaysForTheWindowAndIsClosedThen() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, HELLO, "drain.idle-window=500 ms");
      try (var used = new RawClient(pool.port);
          var unused = new RawClient(pool.port)) {
        assertThat(used.get("/").status()).isEqualTo(200);
        eventually("both are open", () -> worker.front.connections.clients() == 2);
        long begin = System.nanoTime();
        Thread drain = pool.drain(0, worker);
        assertThat(used.isClosedWithin(5_000)).isTrue();
        assertThat(unused.isClosedWithin(5_000)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
            .isGreaterThanOrEqualTo(Duration.ofMillis(500));
        assertThat(ends(drain, PATIENCE)).isTrue();
      }
    }
  }

  @Test
  void aRequestThatRunsIsFinishedAndAnnouncesTheClose() throws Exception {
    var arrived = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    HttpHandler waits =
        exchange ->
            exchange.dispatch(
                exchange.getConnection().getWorker(),
                inTaskPool -> {
                  arrived.countDown();
                  goOn.await();
                  inTaskPool.getResponseSender().send("finished");
                });
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, waits, "drain.idle-window=50 ms");
      try (var client = new RawClient(pool.port)) {
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        arrived.await();
        Thread drain = pool.drain(0, worker);
        assertThat(ends(drain, Duration.ofMillis(300))).isFalse();
        goOn.countDown();
        RawClient.Answer answer = client.read();
        assertThat(answer.body()).isEqualTo("finished");
        assertThat(answer.saysClose()).isTrue();
        client.hangUp();
        assertThat(ends(drain, PATIENCE)).isTrue();
      }
    }
  }

  @Test
  void aRequestThatRunsBeyondTheDeadlineIsCut() throws Exception {
    HttpHandler never = exchange -> exchange.dispatch(() -> {});
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, never, "drain.idle-window=50 ms", "drain.timeout=300 ms");
      try (var client = new RawClient(pool.port)) {
        client.send("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n");
        eventually("in flight", () -> worker.totals.inFlight() == 1);
        assertThat(worker.front.connections.requestsInFlight(5)).containsExactly("GET /long");
        Drain drain = worker.drain();
        eventually("deadline", () -> drain.step(System.nanoTime()));
        assertThat(drain.cutConnections()).isEqualTo(1);
        worker.stop();
        assertThat(client.isClosedWithin(5_000)).isTrue();
      }
    }
  }

  @Test
  void aHalfReadRequestIsAnsweredHoweverLongItTakes() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, HELLO, "drain.idle-window=50 ms");
      try (var client = new RawClient(pool.port)) {
        client.send("GET / HTTP/1.1\r\nHo");
        eventually("half is read", () -> worker.front.connections.clients() == 1);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        Thread drain = pool.drain(0, worker);
        assertThat(ends(drain, Duration.ofMillis(400))).isFalse();
        client.send("st: localhost\r\n\r\n");
        assertThat(client.read().saysClose()).isTrue();
        client.hangUp();
        assertThat(ends(drain, PATIENCE)).isTrue();
      }
    }
  }

  @Test
  void allPipelinedRequestsAreAnsweredAndTheLastSaysClose() throws Exception {
    var goOn = new CountDownLatch(1);
    var arrived = new CountDownLatch(1);
    HttpHandler waitsOnce =
        exchange ->
            exchange.dispatch(
                exchange.getConnection().getWorker(),
                inTaskPool -> {
                  arrived.countDown();
                  goOn.await();
                  inTaskPool.getResponseSender().send(inTaskPool.getRequestPath());
                });
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, waitsOnce);
      try (var client = new RawClient(pool.port)) {
        var requests = new StringBuilder();
        for (int i = 0; i < 10; i++) {
          requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        client.send(requests.toString());
        arrived.await();
        Thread drain = pool.drain(0, worker);
        assertThat(pool.scoreboard.record(0).state()).isEqualTo(WorkerState.DRAINING);
        goOn.countDown();
        for (int i = 0; i < 10; i++) {
          RawClient.Answer answer = client.read();
          assertThat(answer.body()).isEqualTo("/" + i);
          assertThat(answer.saysClose()).isEqualTo(i == 9);
        }
        client.hangUp();
        assertThat(ends(drain, PATIENCE)).isTrue();
      }
    }
  }

  @Test
  void connectionsOnTheirWayAreServedByTheDrainingWorker() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, HELLO, "drain.idle-window=2 s");
      var keepsItDraining = new RawClient(pool.port);
      assertThat(keepsItDraining.get("/").saysClose()).isFalse();
      Thread drain = pool.drain(0, worker);
      // A sibling that saw it serving just before gives it one more.
      try (var client = new RawClient(pool.port)) {
        pool.posix.close(giveTo(pool, 0));
        RawClient.Answer answer = client.get("/");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.saysClose()).isTrue();
      }
      keepsItDraining.hangUp();
      assertThat(ends(drain, PATIENCE)).isTrue();
    }
  }

  /** Accepts the waiting connection and puts it into a mailbox, as a sibling does. */
  private static int giveTo(TestPool pool, int record) throws Exception {
    var siblings = Descriptors.listening(pool.posix.duplicate(pool.listenFd));
    try (siblings) {
      var accepted = siblings.accept();
      int fd = pool.posix.duplicate(Descriptors.number(accepted));
      accepted.close();
      pool.scoreboard.record(record).addConnections(1);
      var peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
      assertThat(
              pool.posix.send(
                  pool.mailbox(record).first(), new HandOver(0, peer, "x").encode(), fd))
          .isTrue();
      return fd;
    }
  }

  @Test
  void whatArrivesAfterTheEndIsServedByASibling() throws Exception {
    try (var pool = new TestPool(directory, 2)) {
      Service leaver = pool.serving(0, HELLO);
      assertThat(ends(pool.drain(0, leaver), PATIENCE)).isTrue();
      try (var client = new RawClient(pool.port)) {
        pool.posix.close(giveTo(pool, 0));
        pool.serving(1, HELLO);
        assertThat(client.get("/").body()).isEqualTo("hello");
        assertThat(pool.connections(1)).isEqualTo(1);
      }
    }
  }

  @Test
  void clientsThatOnlyConnectLoseNothingWhenWorkersTakeTurns() throws Exception {
    try (var pool = new TestPool(directory, 6)) {
      Service before = pool.serving(0, HELLO, "drain.idle-window=100 ms");
      var failures = new ConcurrentLinkedQueue<String>();
      var over = new CountDownLatch(1);
      var requests = new AtomicInteger();
      Runnable load =
          () -> {
            while (over.getCount() > 0) {
              try (var client = new RawClient(pool.port)) {
                for (boolean told = false; !told && over.getCount() > 0; ) {
                  told = client.get("/").saysClose() || requests.incrementAndGet() % 7 == 0;
                }
              } catch (Exception e) {
                failures.add(e.toString());
              }
            }
          };
      Thread[] clients = {new Thread(load), new Thread(load), new Thread(load)};
      for (Thread client : clients) {
        client.start();
      }
      for (int next = 1; next < 6; next++) {
        Service after = pool.serving(next, HELLO, "drain.idle-window=100 ms");
        assertThat(ends(pool.drain(next - 1, before), PATIENCE)).isTrue();
        pool.scoreboard.record(next - 1).state(WorkerState.GONE);
        before = after;
      }
      over.countDown();
      for (Thread client : clients) {
        client.join();
      }
      assertThat(failures).isEmpty();
      assertThat(requests.get()).isGreaterThan(100);
    }
  }

  @Test
  void theQueueOutlivesTheWorker() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, HELLO);
      worker.stop();
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), pool.port)) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }
}
