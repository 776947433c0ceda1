package dev.tidepool.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts for all threads of a {@link Load}. */
final class Tally {
  private static final int SAMPLES = 20;

  private final Map<Failure, Integer> failures = new EnumMap<>(Failure.class);
  private final Map<Integer, Long> servedByPid = new TreeMap<>();
  private final List<String> samples = new ArrayList<>();
  private long answered;
  private long connections;
  private long lastAnswer = System.nanoTime();
  private long longestGap;
  private long slowest;

  synchronized void connected() {
    connections++;
  }

  synchronized void answered(HttpConnection.Answer answer, long nanos) {
    long now = System.nanoTime();
    longestGap = Math.max(longestGap, now - lastAnswer);
    lastAnswer = now;
    slowest = Math.max(slowest, nanos);
    if (answer.status() == 200) {
      answered++;
      servedByPid.merge(answer.pid(), 1L, Long::sum);
    } else {
      failed(Failure.WRONG_STATUS, answer.status() + " " + answer.body());
    }
  }

  synchronized void failed(Failure failure, String what) {
    failures.merge(failure, 1, Integer::sum);
    if (samples.size() < SAMPLES) {
      samples.add(java.time.Instant.now() + " " + what);
    }
  }

  synchronized long answered() {
    return answered;
  }

  synchronized void forgetGaps() {
    lastAnswer = System.nanoTime();
    longestGap = 0;
    slowest = 0;
  }

  synchronized LoadReport report() {
    return new LoadReport(
        answered,
        Map.copyOf(failures),
        List.copyOf(samples),
        connections,
        new TreeMap<>(servedByPid),
        Duration.ofNanos(longestGap),
        Duration.ofNanos(slowest));
  }
}
