package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a dynamic pool grows and shrinks, with fake processes and a clock moved by hand. */
class SizingTest {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int TASK_THREADS = 10;

  @TempDir private Path directory;
  private FakePool pool;

  @BeforeEach
  void twoOfOneToSix() throws IOException {
    pool =
        new FakePool(
            directory,
            "workers.count = 2",
            "workers.spares = 0",
            "workers.min = 1",
            "workers.max = 6",
            "workers.task-threads = " + TASK_THREADS,
            "scaling.grow-above = 0.8",
            "scaling.grow-after = 2 s",
            "scaling.shrink-below = 0.4",
            "scaling.shrink-after = 10 s");
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  private FakePool serving() {
    pool.start().up(pool.process(0), pool.process(1));
    return pool.pass(Duration.ofSeconds(3)); // the first generation is no longer watched
  }

  private int size() {
    return pool.supervisor.pool().slots().size();
  }

  private void looks(int count) {
    for (int look = 0; look < count; look++) {
      pool.pass(LOOK);
    }
  }

  /** Brings up whoever was started, until nobody is. */
  private void allUp() {
    for (Worker worker : pool.supervisor.pool().all()) {
      if (!worker.toldToServe()) {
        pool.up(pool.process(worker.process().pid() - 100));
      }
    }
  }

  @Test
  void growsWhenItWasBusyForAWhileToAsManyAsAreNeeded() {
    serving().inFlight(9);
    looks(2);
    assertThat(size()).isEqualTo(2);
    looks(2);
    assertThat(size()).as("18 requests for 30 threads at 80 %").isEqualTo(3);
    assertThat(pool.launched).hasSize(3);
    assertThat(pool.supervisor.sizing().why())
        .contains("grew from 2 to 3: 90 % busy (scaling.grow-above = 80 %)", "for 2000 ms");
  }

  @Test
  void atMostDoublesAndNeverExceedsItsLimit() {
    serving().inFlight(100);
    looks(4);
    assertThat(size()).isEqualTo(4);
    looks(5);
    assertThat(size()).as("waits for those that come up").isEqualTo(4);
    allUp();
    pool.inFlight(100);
    looks(5);
    assertThat(size()).isEqualTo(6);
    allUp();
    pool.inFlight(100);
    looks(20);
    assertThat(size()).isEqualTo(6);
  }

  @Test
  void aMomentIsNoReason() {
    serving();
    for (int moment = 0; moment < 10; moment++) {
      pool.inFlight(10).pass(LOOK).inFlight(5).pass(LOOK);
      pool.pass(LOOK);
    }
    assertThat(size()).isEqualTo(2);
  }

  @Test
  void busyEventLoopsCountAsWell() {
    serving();
    for (int look = 0; look < 5; look++) {
      pool.runs(pool.process(0), Duration.ofMillis(950));
      pool.runs(pool.process(1), Duration.ofMillis(850));
      pool.pass(LOOK);
    }
    assertThat(size()).isEqualTo(3);
  }

  @Test
  void connectionsThatNobodyAcceptsAreAReason() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int fd = Posix.get().listenTcp(new InetSocketAddress(loopback, 0), 16);
    int port = Posix.get().localAddress(fd).getPort();
    pool.sockets.add(
        new ListeningSockets.Opened(
            new dev.tidepool.conf.ListenAddress.Tcp("127.0.0.1", port), fd, "127.0.0.1:" + port));
    serving();
    try (Socket waiting = new Socket(loopback, port)) {
      assertThat(waiting.isConnected()).isTrue();
      looks(4);
    }
    Posix.get().close(fd);
    assertThat(size()).isEqualTo(3);
  }

  @Test
  void shrinksByOneAtATimeDownToItsLeast() {
    serving().scale(4);
    allUp();
    pool.inFlight(0);
    looks(9);
    assertThat(size()).isEqualTo(4);
    looks(3);
    assertThat(size()).isEqualTo(3);
    assertThat(pool.process(3).was(MasterMessage.Drain.class)).isTrue();
    looks(60);
    assertThat(size()).isEqualTo(1);
  }

  @Test
  void doesNotShrinkToASizeThatWouldBeBusy() {
    serving().inFlight(3);
    looks(60);
    assertThat(size()).as("30 % now, 60 % alone").isEqualTo(2);
  }

  @Test
  void theMemoryCeilingStopsItsGrowth() {
    pool.set("scaling.memory-max = 350 MiB");
    serving().grows(pool.process(0), 110).grows(pool.process(1), 110).inFlight(100);
    looks(10);
    assertThat(size()).as("room for one more").isEqualTo(3);
    allUp();
    pool.grows(pool.process(2), 110).inFlight(100);
    looks(10);
    assertThat(size()).isEqualTo(3);
    assertThat(pool.supervisor.sizing().why())
        .isEqualTo(
            "memory: all workers have 330 MiB, one has 110 MiB (scaling.memory-max = 350 MiB)");
  }

  @Test
  void aReloadKeepsTheSizeThatItFound() {
    serving().scale(3);
    allUp();
    pool.reload().prepared(6).inFlight(100);
    looks(10);
    assertThat(size()).isEqualTo(3);
    assertThat(pool.launched).hasSize(6);
  }

  @Test
  void aPoolOfFixedSizeStaysAsItIs() {
    pool.set("workers.min = 0");
    pool.set("workers.max = 0");
    serving().inFlight(100);
    looks(60);
    assertThat(size()).isEqualTo(2);
  }
}
