package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is the child of somebody else. */
@Timeout(30)
class ForeignProcessTest {
  private final Posix posix = Posix.get();
  @TempDir private Path directory;
  private Process shell;
  private int pid;

  @BeforeEach
  void startAGrandchild() throws IOException {
    shell = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; wait").start();
    try (BufferedReader out = shell.inputReader(StandardCharsets.US_ASCII)) {
      pid = Integer.parseInt(out.readLine());
    }
  }

  @AfterEach
  void endAll() throws InterruptedException {
    posix.kill(pid, Signal.KILL);
    shell.destroyForcibly().waitFor();
  }

  private ForeignProcess foreign() {
    return new ForeignProcess(posix, pid, posix.stat(pid).orElseThrow().startTicks());
  }

  @Test
  void itsEndIsNoticedThoughItIsNoChildOfOurs() throws InterruptedException {
    BlockingQueue<WorkerExit> exits = new ArrayBlockingQueue<>(1);
    ForeignProcess process = foreign();
    process.onExit(exits::add);
    assertThat(exits).isEmpty();
    assertThat(process.signal(Signal.TERM)).isTrue();
    assertThat(exits.poll(20, TimeUnit.SECONDS)).isEqualTo(WorkerExit.unknown());
  }

  @Test
  void aPidThatBelongsToAnotherProcessNowIsNotSignalled() {
    ForeignProcess earlier = new ForeignProcess(posix, pid, 1);
    assertThat(earlier.alive()).isFalse();
    assertThat(earlier.signal(Signal.KILL)).isFalse();
    assertThat(foreign().alive()).isTrue();
  }

  @Test
  void theStateFileOfADeadMasterNamesTheLiving() throws IOException {
    long ticks = posix.stat(pid).orElseThrow().startTicks();
    Path state = directory.resolve("state.json");
    Files.writeString(
        state,
        "{\"workers\":[{\"pid\":%d,\"startTicks\":%d},{\"pid\":%d,\"startTicks\":1}]}"
            .formatted(pid, ticks, pid));
    assertThat(Orphans.of(state, posix)).extracting(ForeignProcess::pid).containsExactly(pid);
    Files.writeString(state, "{\"workers\":[{");
    assertThat(Orphans.of(state, posix)).isEmpty();
  }
}
