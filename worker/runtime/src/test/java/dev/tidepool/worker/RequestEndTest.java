package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.handlers.BlockingHandler;
import java.lang.reflect.Proxy;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/** A connection between the end of one request, on a task thread, and the next one. */
class RequestEndTest {

  @TempDir Path directory;

  @Test
  void readsAreResumedOnceTheConnectionIsReady() throws Exception {
    List<String> events = new ArrayList<>();
    try (var pool = new TestPool(directory, 1);
        var socket = SocketChannel.open()) {
      Service service = pool.serving(0, exchange -> {});
      var connection =
          new TrackedConnection(
              service.front.threads.get(0),
              socket,
              Entrance.plain(false),
              false,
              service.front.tasks);
      var source = new TrackedSource(suspended(events), connection);

      connection.completes(
          () -> {
            source.resumeReads();
            events.add("ready");
          });

      assertThat(events).containsExactly("ready", "resumed");
      source.resumeReads();
      assertThat(events).as("at once").hasSize(3);
    }
  }

  private static StreamSourceConduit suspended(List<String> events) {
    return (StreamSourceConduit)
        Proxy.newProxyInstance(
            RequestEndTest.class.getClassLoader(),
            new Class<?>[] {StreamSourceConduit.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("resumeReads")) {
                events.add("resumed");
              }
              return method.getReturnType() == boolean.class ? false : null;
            });
  }

  @Test
  void whatCameBeforeTheEndIsRead() throws Exception {
    var ends = new CountDownLatch(1);
    var source = new CompletableFuture<StreamSourceChannel>();
    var app =
        new BlockingHandler(
            exchange -> {
              if (exchange.getRequestPath().equals("/first")) {
                var connection = (AbstractServerConnection) exchange.getConnection();
                source.complete(connection.getChannel().getSourceChannel());
                exchange.addExchangeCompleteListener(
                    (done, next) -> {
                      await(ends);
                      next.proceed();
                    });
              }
              exchange.getResponseSender().send(exchange.getRequestPath());
            });
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, app);
      try (var client = new RawClient(pool.port)) {
        client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.read().body()).isEqualTo("/first");
        client.send("GET /second HTTP/1.1\r\nHost: a\r\n\r\n");
        // Its I/O thread has seen that there is something, and that it is too early.
        TestPool.eventually("suspended", () -> !source.join().isReadResumed());
        ends.countDown();
        assertThat(client.read().body()).isEqualTo("/second");
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
