package dev.tidepool.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker leaves on the scoreboard about its work, as a second process reads it. */
class WorkerDetailsTest {
  @TempDir Path directory;
  private WorkerRecord written;
  private WorkerRecord read;

  @BeforeEach
  void open() throws IOException {
    Path file = directory.resolve("scoreboard");
    Scoreboard.create(file, 3).reserve(1);
    written = Scoreboard.open(file).record(1);
    read = Scoreboard.open(file).record(1);
  }

  @Test
  void namesTheRequestsInFlightOldestFirst() {
    var scratch = new RequestTable.Scratch();
    RequestTable table = written.requests();
    table.thread(2, "http I/O-3");
    table.put(2, 300, "GET", "/late", scratch);
    int entry = table.take();
    table.put(entry, 200, "POST", "/early", scratch);
    table.thread(entry, "http task-7");

    assertThat(read.requests().inFlight())
        .containsExactly(
            new RequestTable.Entry(200, "http task-7", "POST /early"),
            new RequestTable.Entry(300, "http I/O-3", "GET /late"));

    table.clear(2);
    table.free(entry);
    assertThat(read.requests().inFlight()).isEmpty();
    table.put(2, 400, "GET", "/next", scratch);
    table.put(table.take(), 500, "GET", "/queued", scratch);
    assertThat(read.requests().inFlight())
        .containsExactly(
            new RequestTable.Entry(400, "http I/O-3", "GET /next"),
            new RequestTable.Entry(500, "", "GET /queued"));
  }

  @Test
  void cutsLongPathsAndKeepsThemOnOneLine() {
    written.requests().put(0, 1, "GET", "/a\nb" + "x".repeat(500), new RequestTable.Scratch());
    String request = read.requests().inFlight().get(0).request();
    assertThat(request).startsWith("GET /a?bxxx").hasSizeBetween(80, 88);
  }

  @Test
  void hasNoEntryForMoreRequestsThanItHolds() {
    RequestTable table = written.requests();
    int first = table.take();
    for (int i = 1; i < RequestTable.THREADS; i++) {
      table.take();
    }
    assertThat(table.take()).isEqualTo(RequestTable.NONE);
    table.free(RequestTable.NONE);
    table.free(first);
    assertThat(table.take()).isEqualTo(first);
  }

  @Test
  void keepsTheLastWholeLines() {
    LogTail tail = written.logTail();
    assertThat(read.logTail().text()).isEmpty();
    for (int i = 0; i < 1000; i++) {
      tail.append(("line " + i + " \u00fc\n").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read.logTail().text().lines())
        .hasSizeGreaterThan(400)
        .endsWith("line 998 \u00fc", "line 999 \u00fc")
        .allMatch(line -> line.matches("line \\d+ \u00fc"));
    tail.append(("x".repeat(10_000) + "\nend\n").getBytes(StandardCharsets.UTF_8));
    assertThat(read.logTail().text()).isEqualTo("end\n");
  }

  @Test
  void countsLatenciesInBucketsThatAddUp() {
    LatencyHistogram latencies = written.latencies();
    for (int i = 0; i < 99; i++) {
      latencies.add(1_000);
    }
    latencies.add(1_000_000_000_000L);
    long[] counts = read.latencies().counts();
    assertThat(counts[0]).isEqualTo(99);
    assertThat(LatencyHistogram.quantileNanos(counts, 0.99)).isEqualTo(64_000);
    assertThat(LatencyHistogram.quantileNanos(counts, 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(LatencyHistogram.quantileNanos(new long[64], 0.5)).isZero();
  }

  @Test
  void startsEachWorkerWithNoneOfIt() {
    written.requests().put(0, 1, "GET", "/", new RequestTable.Scratch());
    written.logTail().append(new byte[] {'\n'});
    written.latencies().add(1);
    written.addError();
    read.assign(1, 2, 3, 4);
    assertThat(read.requests().inFlight()).isEmpty();
    assertThat(read.logTail().text()).isEmpty();
    assertThat(read.latencies().counts()).containsOnly(0);
    assertThat(read.errors()).isZero();
  }
}
