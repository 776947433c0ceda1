package dev.tidepool.master;

import dev.tidepool.control.LatencyHistogram;
import dev.tidepool.control.RequestTable;
import dev.tidepool.control.WorkerRecord;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a worker's scoreboard record held at the moment of an incident.
 *
 * @param summary who, when, why, what it worked on, and its figures
 * @param logTail its last log lines
 */
record IncidentReport(int pid, String who, String summary, String logTail) {
  private static final int REQUESTS_NAMED = 5;

  static IncidentReport of(Worker worker, WorkerRecord record, String reason) {
    long now = System.nanoTime();
    List<String> lines = new ArrayList<>();
    lines.add(worker.identity() + ": " + reason);
    lines.add("time " + LocalDateTime.now(ZoneOffset.UTC) + "Z");
    lines.add("state " + worker.state() + ", on the scoreboard " + record.state());
    lines.add("I/O threads silent for " + millis(now - record.heartbeatNanos()) + " ms");
    lines.add("task pool silent for " + millis(now - record.taskHeartbeatNanos()) + " ms");
    lines.add(record.busyTasks() + " task threads busy, " + record.queuedTasks() + " tasks wait");
    lines.add("connections " + record.connections());
    lines.add("served " + record.served() + ", of these errors " + record.errors());
    long[] latencies = record.latencies().counts();
    lines.add(
        "latency p50 %.1f ms, p99 %.1f ms"
            .formatted(
                LatencyHistogram.quantileNanos(latencies, 0.5) / 1e6,
                LatencyHistogram.quantileNanos(latencies, 0.99) / 1e6));
    lines.add(
        "heap after collection %d of %d MiB, direct buffers %d MiB, collections %d ms"
            .formatted(
                record.heapUsed() >> 20,
                record.heapMax() >> 20,
                record.directMemory() >> 20,
                record.gcMillis()));
    List<RequestTable.Entry> requests = record.requests().inFlight();
    lines.add("requests in flight " + requests.size());
    for (RequestTable.Entry each : requests) {
      lines.add("  " + describe(each, now));
    }
    String log = record.logTail().text();
    return new IncidentReport(
        worker.process().pid(),
        worker.identity().toString(),
        String.join("\n", lines) + "\n",
        log.isEmpty() ? "it logged nothing\n" : log);
  }

  private static String describe(RequestTable.Entry request, long now) {
    return "%s for %d ms%s"
        .formatted(
            request.request(),
            millis(now - request.startNanos()),
            request.thread().isEmpty() ? "" : " on " + request.thread());
  }

  /** The oldest requests of a record for one line of the log; empty if there are none. */
  static String requests(WorkerRecord record) {
    List<RequestTable.Entry> requests = record.requests().inFlight();
    if (requests.isEmpty()) {
      return "";
    }
    long now = System.nanoTime();
    String named =
        String.join(
            ", ", requests.stream().limit(REQUESTS_NAMED).map(r -> describe(r, now)).toList());
    int more = requests.size() - REQUESTS_NAMED;
    return "; in flight: " + named + (more > 0 ? " and " + more + " more" : "");
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
