package dev.tidepool.worker;

import static dev.tidepool.worker.TestPool.PATIENCE;
import static dev.tidepool.worker.TestPool.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.XnioIoThread;
import org.xnio.nio.NioThreads;

/** Sockets that others opened: adopted, accepted on, left alone, accepted on again. */
class AcceptingTest {
  @TempDir Path directory;

  private static HttpHandler says(String text) {
    return exchange -> exchange.getResponseSender().send(text);
  }

  @Test
  void servesOnAnAdoptedSocketWithTheRightAddresses() throws Exception {
    HttpHandler addresses =
        exchange -> {
          InetSocketAddress peer = exchange.getSourceAddress();
          exchange
              .getResponseSender()
              .send(
                  peer.getAddress().isLoopbackAddress()
                      + " "
                      + peer.getPort()
                      + " "
                      + exchange.getDestinationAddress().getPort());
        };
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, addresses, "workers.io-threads=3");
      try (var client = new RawClient(pool.port)) {
        RawClient.Answer answer = client.get("/");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).startsWith("true ").endsWith(" " + pool.port);
        assertThat(client.get("/again").status()).isEqualTo(200);
        assertThat(pool.connections(0)).isEqualTo(1);
      }
      eventually("the connection is counted off", () -> pool.connections(0) == 0);
      assertThat(worker.totals.served.sum()).isEqualTo(2);
      assertThat(worker.totals.inFlight()).isZero();
      eventually("totals are published", () -> pool.scoreboard.record(0).served() == 2);
    }
  }

  @Test
  void spreadsConnectionsOverItsThreads() throws Exception {
    HttpHandler thread = exchange -> exchange.getResponseSender().send(threadName());
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, thread, "workers.io-threads=3");
      List<RawClient> clients = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        var client = new RawClient(pool.port);
        clients.add(client);
        names.add(client.get("/").body());
      }
      assertThat(names.stream().distinct()).hasSize(3);
      for (RawClient client : clients) {
        client.hangUp();
      }
    }
  }

  private static String threadName() {
    return Thread.currentThread().getName();
  }

  @Test
  void aConnectionWakesOneThreadOnly() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, says("x"), "workers.io-threads=2");
      for (XnioIoThread thread : worker.front.threads) {
        int epoll = Descriptors.epoll(NioThreads.selector(thread));
        // EPOLLEXCLUSIVE | EPOLLIN, and the errors that the kernel adds; see proc(5).
        assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + epoll)))
            .containsPattern("events: +1000001[19]");
      }
      worker.acceptor.stop().join();
      for (XnioIoThread thread : worker.front.threads) {
        int epoll = Descriptors.epoll(NioThreads.selector(thread));
        assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + epoll)))
            .doesNotContainPattern("events: +1000001[19]");
      }
    }
  }

  @Test
  void stopsAcceptingWithoutTouchingTheSocketAndStartsAgain() throws Exception {
    try (var pool = new TestPool(directory, 2)) {
      Service first = pool.serving(0, says("first"));
      try (var before = new RawClient(pool.port)) {
        assertThat(before.get("/").body()).isEqualTo("first");
        first.acceptor.stop().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);

        // Nobody accepts now: the connection waits in the queue that the test holds open.
        try (var meanwhile = new RawClient(pool.port)) {
          meanwhile.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
          Service second = pool.serving(1, says("second"));
          assertThat(meanwhile.read().body()).isEqualTo("second");
          second.acceptor.stop().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
        assertThat(before.get("/").body()).isEqualTo("first");
      }
      long accepted = first.totals.accepted.sum();
      first.acceptor.start().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      try (var after = new RawClient(pool.port)) {
        assertThat(after.get("/").status()).isEqualTo(200); // by whom, the balance decides
      }
      assertThat(first.totals.accepted.sum()).isEqualTo(accepted + 1);
    }
  }

  @Test
  void servesOnAUnixSocket() throws Exception {
    HttpHandler addresses =
        exchange ->
            exchange
                .getResponseSender()
                .send(
                    exchange.getSourceAddress().getHostString()
                        + ","
                        + exchange.getDestinationAddress().getHostString());
    Path path = directory.resolve("http.sock");
    try (var pool = new TestPool(directory, 1)) {
      Service worker = pool.serving(0, addresses);
      worker
          .acceptor
          .add("unix:" + path, Entrance.plain(true), pool.posix.listenUnix(path, 0666, 128))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        client.connect(UnixDomainSocketAddress.of(path));
        String request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        var answer = ByteBuffer.allocate(4096);
        while (client.read(answer) >= 0) {
          assertThat(answer.hasRemaining()).isTrue();
        }
        assertThat(StandardCharsets.US_ASCII.decode(answer.flip()).toString())
            .startsWith("HTTP/1.1 200 ")
            .endsWith("localhost,localhost");
      }
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    HttpHandler path = exchange -> exchange.getResponseSender().send(exchange.getRequestPath());
    HttpHandler dispatched =
        exchange -> exchange.dispatch(exchange.getConnection().getWorker(), path);
    try (var pool = new TestPool(directory, 1)) {
      Service worker =
          pool.serving(
              0,
              exchange ->
                  (exchange.getRequestPath().endsWith("0") ? dispatched : path)
                      .handleRequest(exchange));
      try (var client = new RawClient(pool.port)) {
        var requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
          requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        client.send(requests.toString());
        for (int i = 0; i < 50; i++) {
          assertThat(client.read().body()).isEqualTo("/" + i);
        }
      }
      eventually("all are counted", () -> worker.totals.served.sum() == 50);
    }
  }

  @Test
  void closesIdleConnectionsButNoneThatTheAppWorksOn() throws Exception {
    HttpHandler slow =
        exchange ->
            exchange
                .getIoThread()
                .executeAfter(() -> exchange.getResponseSender().send("late"), 3, TimeUnit.SECONDS);
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(
          0,
          exchange -> exchange.dispatch(() -> handle(slow, exchange)),
          "limits.idle-timeout=1 s");
      try (var working = new RawClient(pool.port);
          var halfRequest = new RawClient(pool.port);
          var silent = new RawClient(pool.port)) {
        halfRequest.send("GET / HTT");
        working.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(silent.isClosedWithin(5_000)).isTrue();
        assertThat(halfRequest.isClosedWithin(5_000)).isTrue();
        assertThat(working.read().body()).isEqualTo("late");
        assertThat(working.isClosedWithin(5_000)).isTrue();
      }
    }
  }

  private static void handle(HttpHandler handler, HttpServerExchange exchange) {
    try {
      handler.handleRequest(exchange);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
