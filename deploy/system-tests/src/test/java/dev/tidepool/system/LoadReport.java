package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What became of all requests of a {@link Load}. {@code longestGap} is the longest time in which no
 * thread at all got an answer, {@code slowest} the longest that one request took.
 */
record LoadReport(
    long answered,
    Map<Failure, Integer> failures,
    List<String> samples,
    long connections,
    SortedMap<Integer, Long> servedByPid,
    Duration longestGap,
    Duration slowest) {

  int failed(Failure failure) {
    return failures.getOrDefault(failure, 0);
  }

  int failed() {
    return failures.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Every request was answered with 200, and no connection was closed under the client. */
  LoadReport assertNothingLost() {
    System.out.println(summary());
    assertThat(failures).as("%s %s", summary(), samples).isEmpty();
    assertThat(answered).isPositive();
    return this;
  }

  String summary() {
    return answered
        + " answered on "
        + connections
        + " connections, failures "
        + failures
        + ", longest gap "
        + longestGap.toMillis()
        + " ms, slowest "
        + slowest.toMillis()
        + " ms";
  }
}
