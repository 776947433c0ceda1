package dev.tidepool.master;

import static dev.tidepool.master.AdminPages.Readiness.LEAVING;
import static dev.tidepool.master.AdminPages.Readiness.READY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load balancers are told before the pool empties. */
final class NoticeTest {
  @TempDir Path directory;
  private FakePool pool;
  private Commands commands;

  @BeforeEach
  void start() throws IOException {
    pool = new FakePool(directory, "workers.count=1", "workers.spares=0", "drain.notice=5 s");
    commands = new Commands(pool.supervisor, Posix.get(), pool::now);
    pool.start();
    pool.up(pool.process(0));
    assertThat(pool.supervisor.readiness()).isEqualTo(READY);
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  @Test
  void allServeOnUntilItIsOver() {
    commands.stop(false, "test");
    pool.pass(Duration.ofMillis(4_999));
    assertThat(pool.supervisor.readiness()).isEqualTo(LEAVING);
    assertThat(drains()).isFalse();
    pool.pass(Duration.ofMillis(1));
    assertThat(drains()).isTrue();
  }

  @Test
  void aDrainOfAllWorkersIsAnnouncedToo() {
    commands.drain("test");
    pool.pass(Duration.ofSeconds(4));
    assertThat(pool.supervisor.readiness()).isEqualTo(LEAVING);
    assertThat(drains()).isFalse();
    pool.pass(Duration.ofSeconds(1));
    assertThat(drains()).isTrue();
    assertThat(pool.supervisor.readiness()).isEqualTo(LEAVING);
  }

  @Test
  void aSecondOrderDoesNotWait() {
    commands.stop(false, "test");
    commands.stop(false, "test");
    assertThat(drains()).isTrue();
  }

  @Test
  void aFastStopDoesNotWaitAndEndsTheNotice() {
    commands.stop(false, "test");
    commands.stop(true, "test");
    assertThat(pool.process(0).was(MasterMessage.Stop.class)).isTrue();
    pool.pass(Duration.ofSeconds(5));
    assertThat(pool.process(0).signals).isEmpty();
  }

  private boolean drains() {
    pool.settle();
    return pool.process(0).was(MasterMessage.Drain.class);
  }
}
