package dev.tidepool.worker;

import static dev.tidepool.worker.TestPool.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.control.WorkerState;
import io.undertow.server.HttpHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that one worker accepts and another serves. */
class HandOverTest {
  @TempDir Path directory;

  private static HttpHandler says(int record) {
    return exchange ->
        exchange
            .getResponseSender()
            .send(record + " " + exchange.getSourceAddress().getAddress().isLoopbackAddress());
  }

  @Test
  void eightConnectionsOneByOneOverFourWorkers() throws Exception {
    try (var pool = new TestPool(directory, 4)) {
      for (int i = 0; i < 4; i++) {
        pool.serving(i, says(i));
      }
      pool.acquainted();
      Map<String, Integer> perWorker = new HashMap<>();
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        var client = new RawClient(pool.port);
        clients.add(client);
        perWorker.merge(client.get("/").body(), 1, Integer::sum);
      }
      assertThat(perWorker.keySet()).allMatch(answer -> answer.endsWith(" true"));
      assertThat(perWorker.values()).allMatch(count -> count <= 3);
      assertThat(perWorker.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(8);
      for (RawClient client : clients) {
        client.hangUp();
      }
      for (int i = 0; i < 4; i++) {
        int record = i;
        eventually("count of " + i + " is 0 again", () -> pool.connections(record) == 0);
      }
    }
  }

  @Test
  void whatLiesInTheMailboxOfAStuckWorkerIsServedByASibling() throws Exception {
    try (var pool = new TestPool(directory, 2)) {
      pool.serving(0, says(0));
      // Record 1 never beats: its worker was stopped just after it began to serve, and has a gift.
      pool.scoreboard.record(1).heartbeatNanos(System.nanoTime());
      pool.scoreboard.record(1).state(WorkerState.SERVING);
      try (var client = new RawClient(pool.port);
          var other = new RawClient(pool.port)) {
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        other.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.read().body()).isEqualTo("0 true");
        assertThat(other.read().body()).isEqualTo("0 true");
        assertThat(pool.connections(0)).isEqualTo(2);
        assertThat(pool.connections(1)).isZero();
        eventually("published", () -> pool.scoreboard.record(0).received() >= 1);
      }
    }
  }

  @Test
  void whatADeadWorkerLeftIsTakenOverWhenTheMasterSaysSo() throws Exception {
    // The heartbeat is far away: only SIBLING_GONE can be what helps.
    try (var pool = new TestPool(directory, 2)) {
      Service survivor =
          pool.serving(
              0,
              says(0),
              "health.heartbeat-interval=30 s",
              "health.heartbeat-timeout=60 s",
              "balance.stale-after=60 s");
      pool.scoreboard.record(1).heartbeatNanos(System.nanoTime());
      pool.scoreboard.record(1).state(WorkerState.SERVING);
      try (var client = new RawClient(pool.port);
          var given = new RawClient(pool.port)) {
        assertThat(client.get("/").status()).isEqualTo(200);
        given.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        eventually("given", () -> pool.connections(1) == 1);
        pool.scoreboard.record(1).state(WorkerState.GONE);
        survivor.siblingGone(1);
        assertThat(given.read().body()).isEqualTo("0 true");
      }
    }
  }

  @Test
  void aFullMailboxMeansKeeping() throws Exception {
    try (var pool = new TestPool(directory, 2)) {
      fill(pool, 1);
      pool.serving(0, says(0), "balance.stale-after=60 s");
      pool.scoreboard.record(1).heartbeatNanos(System.nanoTime());
      pool.scoreboard.record(1).state(WorkerState.SERVING);
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        var client = new RawClient(pool.port);
        clients.add(client);
        assertThat(client.get("/").body()).isEqualTo("0 true");
      }
      assertThat(pool.connections(0)).isEqualTo(3);
      assertThat(pool.connections(1)).isZero();
      for (RawClient client : clients) {
        client.hangUp();
      }
    }
  }

  private static void fill(TestPool pool, int record) {
    while (pool.posix.send(pool.mailbox(record).first(), ByteBuffer.allocate(1000))) {
      LockSupport.parkNanos(1);
    }
  }

  @Test
  void aWrongCountIsMended() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, says(0), "health.heartbeat-interval=20 ms");
      pool.scoreboard.record(0).addConnections(3); // from givers that died before they sent
      eventually("mended", () -> pool.connections(0) == 0);
    }
  }

  @Test
  void survivesGarbageInAMailbox() throws Exception {
    try (var pool = new TestPool(directory, 1)) {
      pool.serving(0, says(0));
      pool.posix.send(pool.mailbox(0).first(), ByteBuffer.wrap(new byte[] {9, 9, 9}));
      pool.posix.send(pool.mailbox(0).first(), new HandOver(1, loopback(1), "x").encode());
      try (var client = new RawClient(pool.port)) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static InetAddress v6Loopback() throws UnknownHostException {
    byte[] address = new byte[16];
    address[15] = 1;
    return InetAddress.getByAddress(address);
  }

  @Test
  void packetsSayWhereAConnectionCameFrom() throws Exception {
    var v6 = new HandOver(6, new InetSocketAddress(v6Loopback(), 65535), "[::1]:80");
    assertThat(HandOver.decode(v6.encode())).isEqualTo(v6);
    var unix = new HandOver(1, loopback(0), "unix:/run/a.sock");
    assertThat(HandOver.decode(unix.encode())).isEqualTo(unix);
    assertThatThrownBy(() -> HandOver.decode(ByteBuffer.wrap(new byte[] {1, 0, 0, 1, 7, 1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("address of");
  }

  @Test
  void shedsItsSurplusWhenASiblingComes() throws Exception {
    try (var pool = new TestPool(directory, 2)) {
      pool.serving(0, says(0), "balance.shed-time=200 ms", "health.heartbeat-interval=20 ms");
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(new RawClient(pool.port));
        assertThat(clients.get(i).get("/").body()).isEqualTo("0 true");
      }
      pool.serving(1, says(1), "health.heartbeat-interval=20 ms");
      int told = 0;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
      while (System.nanoTime() < end && pool.connections(0) > 5) {
        for (int i = 0; i < clients.size(); i++) {
          RawClient client = clients.get(i);
          if (client.get("/").saysClose()) {
            told++;
            client.hangUp();
            clients.set(i, new RawClient(pool.port));
          }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      assertThat(told).isBetween(2, 6);
      assertThat(pool.connections(0)).isLessThanOrEqualTo(5);
      assertThat(pool.connections(1)).isGreaterThanOrEqualTo(3);
      eventually("counted", () -> pool.scoreboard.record(0).shed() > 0);
      for (RawClient client : clients) {
        client.hangUp();
      }
    }
  }
}
