package dev.tidepool.worker.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {
  @TempDir Path directory;

  @Test
  void closingWritesWhatWaits() throws IOException {
    Path path = directory.resolve("access.log");
    var file = new LineFile(Optional.of(path));
    for (int i = 0; i < 10_000; i++) {
      file.write(("line " + i + "\n").getBytes(US_ASCII));
    }
    file.write(("x".repeat(100_000) + "\n").getBytes(US_ASCII));
    file.close();
    assertThat(Files.readAllLines(path)).hasSize(10_001).contains("line 0", "line 9999");
  }

  @Test
  void reopeningLosesNoLine() throws IOException {
    Path path = directory.resolve("access.log");
    Path moved = directory.resolve("access.log.1");
    var file = new LineFile(Optional.of(path));
    file.write("before\n".getBytes(US_ASCII));
    Files.move(path, moved);
    file.reopen();
    file.write("after\n".getBytes(US_ASCII));
    file.close();
    List<String> lines = new ArrayList<>(Files.readAllLines(moved));
    lines.addAll(Files.readAllLines(path));
    assertThat(lines).containsExactly("before", "after");
    assertThat(path).content().endsWith("after\n");
  }
}
