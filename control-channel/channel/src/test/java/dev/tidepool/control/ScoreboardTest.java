package dev.tidepool.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreboardTest {
  @TempDir Path directory;

  @Test
  void showsEveryoneWhatWasWritten() throws IOException {
    Path file = directory.resolve("scoreboard");
    try (Scoreboard master = Scoreboard.create(file, 8);
        Scoreboard worker = Scoreboard.open(file)) {
      assertThat(Files.size(file)).isEqualTo(4096 + 8 * (1024 + 23040));
      assertThat(worker.size()).isEqualTo(8);
      assertThat(worker.record(3).state()).isEqualTo(WorkerState.GONE);

      master.record(3).assign(4711, 99, 2, 5);
      worker.record(3).state(WorkerState.SERVING);
      worker.record(3).served(Long.MAX_VALUE);
      worker.record(3).heartbeatNanos(-7);

      WorkerRecord seen = master.record(3);
      assertThat(seen.pid()).isEqualTo(4711);
      assertThat(seen.startTicks()).isEqualTo(99);
      assertThat(seen.slot()).isEqualTo(2);
      assertThat(seen.generation()).isEqualTo(5);
      assertThat(seen.state()).isEqualTo(WorkerState.SERVING);
      assertThat(seen.served()).isEqualTo(Long.MAX_VALUE);
      assertThat(seen.heartbeatNanos()).isEqualTo(-7);
      assertThat(master.record(2).pid()).isZero();
      assertThat(master.record(4).pid()).isZero();
    }
  }

  @Test
  void startsEachWorkerFromZero() throws IOException {
    WorkerRecord record = Scoreboard.create(directory.resolve("scoreboard"), 1).record(0);
    record.addConnections(3);
    record.served(1);
    record.shed(1);
    record.taskHeartbeatNanos(1);

    record.assign(1, 2, WorkerIdentity.SPARE, 3);

    assertThat(record.state()).isEqualTo(WorkerState.STARTING);
    assertThat(record.slot()).isEqualTo(WorkerIdentity.SPARE);
    assertThat(record.connections()).isZero();
    assertThat(record.served()).isZero();
    assertThat(record.shed()).isZero();
    assertThat(record.taskHeartbeatNanos()).isZero();
    record.slot(4);
    assertThat(record.slot()).isEqualTo(4);
  }

  @Test
  void keepsEachFieldInItsPlace() throws IOException {
    Path file = directory.resolve("scoreboard");
    WorkerRecord record = Scoreboard.create(file, 2).record(1);
    record.assign(1, 2, 3, 4);
    record.state(WorkerState.DRAINING);
    record.heartbeatNanos(5);
    record.taskHeartbeatNanos(6);
    record.addConnections(7);
    record.accepted(8);
    record.handedOver(9);
    record.received(10);
    record.served(11);
    record.inFlight(12);
    record.shed(13);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
    int base = 4096 + 1024;
    assertThat(new int[] {bytes.getInt(base), bytes.getInt(base + 4)}).containsExactly(1, 3);
    assertThat(bytes.getLong(base + 8)).isEqualTo(2);
    assertThat(new int[] {bytes.getInt(base + 16), bytes.getInt(base + 20)}).containsExactly(4, 4);
    assertThat(bytes.getInt(base + 128)).isEqualTo(7);
    List<Long> longs = new ArrayList<>();
    for (int at : new int[] {64, 72, 192, 200, 208, 216, 224, 232}) {
      longs.add(bytes.getLong(base + at));
    }
    assertThat(longs).containsExactly(5L, 6L, 8L, 9L, 10L, 11L, 12L, 13L);
  }

  @Test
  void countsConnectionsFromTwoMappings() throws Exception {
    Path file = directory.resolve("scoreboard");
    WorkerRecord own = Scoreboard.create(file, 1).record(0);
    WorkerRecord giver = Scoreboard.open(file).record(0);
    Thread other =
        new Thread(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                giver.addConnections(1);
              }
            });
    other.start();
    for (int i = 0; i < 100_000; i++) {
      own.addConnections(-1);
    }
    other.join();

    assertThat(own.connections()).isZero();
    assertThat(giver.addConnections(5)).isEqualTo(5);
  }

  @Test
  void aNewOneLeavesTheOldOneToThoseWhoHaveIt() throws IOException {
    Path file = directory.resolve("scoreboard");
    Scoreboard old = Scoreboard.create(file, 1);
    old.record(0).assign(1, 1, 1, 1);

    Scoreboard fresh = Scoreboard.create(file, 2);

    assertThat(old.record(0).pid()).isEqualTo(1);
    assertThat(fresh.record(0).pid()).isZero();
    assertThat(fresh.path()).isEqualTo(file);
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void refusesWhatIsNoScoreboard() throws IOException {
    Path file = directory.resolve("scoreboard");
    assertThatThrownBy(() -> Scoreboard.open(file)).isInstanceOf(NoSuchFileException.class);

    Files.write(file, new byte[10]);
    assertThatThrownBy(() -> Scoreboard.open(file))
        .hasMessage(file + " is no scoreboard: it has 10 bytes, the header alone has 4096");

    Files.write(file, new byte[5000]);
    assertThatThrownBy(() -> Scoreboard.open(file)).hasMessageContaining("it starts with 0000");

    Scoreboard.create(file, 2).close();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, 5000));
    assertThatThrownBy(() -> Scoreboard.open(file))
        .hasMessage(file + " has 5000 bytes, its 2 records need 52224");

    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(8, 9);
    Files.write(file, bytes);
    assertThatThrownBy(() -> Scoreboard.open(file))
        .hasMessageContaining(
            "of version 9 with 24064 bytes for each worker, expected 2 and 24064");
  }
}
