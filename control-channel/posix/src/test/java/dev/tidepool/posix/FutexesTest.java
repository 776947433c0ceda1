package dev.tidepool.posix;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FutexesTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Posix posix = Posix.get();
  @TempDir private Path directory;
  private Path file;
  private ByteBuffer word;

  @BeforeEach
  void map() throws IOException {
    file = Files.write(directory.resolve("words"), new byte[8]);
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      word = channel.map(MapMode.READ_WRITE, 0, 8).slice(4, 4).order(ByteOrder.nativeOrder());
    }
  }

  private CompletableFuture<Boolean> waiting() {
    return CompletableFuture.supplyAsync(() -> posix.awaitAbandoned(word, LONG));
  }

  @Test
  void theEndOfAKilledProcessIsTold() throws Exception {
    CompletableFuture<Boolean> waiting = waiting(); // before anybody holds it
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                WordHolder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held");
      assertThat(Posix.isAbandoned(word.getInt(0))).isFalse();
      assertThat(posix.awaitAbandoned(word, Duration.ofMillis(50))).isFalse();
      assertThat(waiting).isNotDone();
    } finally {
      holder.destroyForcibly();
    }
    assertThat(waiting.join()).isTrue();
    assertThat(Posix.isAbandoned(word.getInt(0))).isTrue();
    assertThat(posix.awaitAbandoned(word, Duration.ZERO)).isTrue();
  }

  @Test
  void theEndOfAThreadIsToldThoughItsProcessLives() throws Exception {
    CompletableFuture<Boolean> waiting = waiting();
    var thread = new Thread(() -> posix.hold(word));
    thread.start();
    thread.join();
    assertThat(waiting.join()).isTrue();
  }

  @Test
  void aWordThatNobodyHoldsIsNotAbandoned() {
    assertThat(posix.awaitAbandoned(word, Duration.ofMillis(50))).isFalse();
    assertThat(word.getInt(0)).isZero();
  }
}
