package dev.tidepool.system;

import static dev.tidepool.system.Eventually.until;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The evidence that is kept only if configured, since it is large. */
final class DumpsIT {
  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers { count = 1, task-threads = 4 }",
          "health.heartbeat-timeout = 2 s",
          "drain { idle-window = 200 ms, timeout = 5 s }",
          "incidents { heap-dump = true, flight-recorder = true }");

  @Test
  void heapAndFlightRecordingOfASickWorkerAreKept() throws IOException {
    try (var connection = HttpConnection.open(server.address())) {
      connection.send("GET", "/fault/stuck", new byte[0], "");
      Path heap = until(TidepoolServer.START_LIMIT, this::heapDump);
      assertThat(beginning(heap, 12)).isEqualTo("JAVA PROFILE");
      assertThat(beginning(heap.resolveSibling("flight.jfr"), 3)).isEqualTo("FLR");
    }
    server.awaitServing(1);
  }

  private @Nullable Path heapDump() throws IOException {
    Path incidents = server.runDir().resolve("incidents");
    List<Path> reports;
    try (Stream<Path> all = Files.list(incidents)) {
      reports = all.map(report -> report.resolve("heap.hprof")).filter(Files::exists).toList();
    }
    return reports.isEmpty() ? null : reports.get(0);
  }

  private static String beginning(Path file, int bytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(bytes), ISO_8859_1);
    }
  }
}
