package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers of a master that died. */
@Timeout(30)
class OrphansTest {
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

  @Test
  void theStateFileOfADeadMasterNamesTheLiving() throws IOException {
    long ticks = posix.stat(pid).orElseThrow().startTicks();
    Path state = directory.resolve("state.json");
    Files.writeString(
        state,
        "{\"workers\":[{\"pid\":%d,\"startTicks\":%d},{\"pid\":%d,\"startTicks\":1}]}"
            .formatted(pid, ticks, pid));
    assertThat(Orphans.pids(state, posix))
        .as("a pid may belong to another now")
        .containsExactly(pid);
    Files.writeString(state, "{\"workers\":[{");
    assertThat(Orphans.pids(state, posix)).isEmpty();
  }
}
