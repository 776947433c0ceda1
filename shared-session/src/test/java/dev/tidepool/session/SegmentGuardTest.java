package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentGuardTest {
  @TempDir Path directory;

  private SegmentGuard guard(Path file, long limitMillis) throws Exception {
    SharedMemory memory = SharedMemory.map(file, 4096);
    return new SegmentGuard(memory, 0, 0, TimeUnit.MILLISECONDS.toNanos(limitMillis), () -> 5);
  }

  private Path file() throws Exception {
    Path file = directory.resolve("guard");
    if (!Files.exists(file)) {
      Files.write(file, new byte[4096]);
    }
    return file;
  }

  @Test
  void letsOneInAtATime() throws Exception {
    SegmentGuard guard = guard(file(), 20_000);
    int[] count = new int[1];
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                for (int i = 0; i < 50_000; i++) {
                  guard.enter();
                  count[0]++;
                  guard.exit();
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(count[0]).isEqualTo(200_000);
  }

  /** Enters the guard of the file and stays. */
  public static void main(String[] args) throws Exception {
    SegmentGuard guard =
        new SegmentGuard(SharedMemory.map(Path.of(args[0]), 4096), 0, 0, 1_000_000, () -> 3);
    guard.enter();
    Files.createFile(Path.of(args[1]));
    Thread.currentThread().join();
  }

  @Test
  void isTakenOverFromTheDeadAndNamesTheLiving() throws Exception {
    Path entered = directory.resolve("entered");
    Process holder =
        Children.start(
            SegmentGuardTest.class,
            directory.resolve("log"),
            file().toString(),
            entered.toString());
    try {
      Poll.until(() -> Files.exists(entered));
      SegmentGuard guard = guard(file(), 100);

      assertThatThrownBy(guard::enter)
          .isInstanceOf(LockTimeoutException.class)
          .hasMessageContaining("slot=3 pid=" + holder.pid());
      assertThat(guard.isOrphaned()).isFalse();

      Posix.get().kill((int) holder.pid(), Signal.KILL);
      holder.waitFor();
      assertThat(guard.isOrphaned()).isTrue();
      guard.enter();
      assertThat(guard.get(SegmentGuard.TAKEN_OVER)).isEqualTo(1);
      guard.exit();
      assertThatThrownBy(guard::exit).isInstanceOf(IllegalStateException.class);
    } finally {
      holder.destroyForcibly();
    }
  }
}
