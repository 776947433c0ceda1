package dev.tidepool.load;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much is measured.
 *
 * @param length of one run of one store
 * @param isJudged false if the run is too short to say anything about targets
 */
record SessionPlan(
    List<SessionSize> sizes,
    List<Integer> processes,
    int rounds,
    Duration length,
    Duration warmUp,
    boolean isJudged) {
  private static final int SMALL = 512;
  private static final int LARGE = 4096;

  /**
   * The plan that the command line asks for.
   *
   * @throws IllegalArgumentException if it asks for anything but {@code --short} or {@code --full}
   */
  static SessionPlan of(List<String> arguments) {
    if (arguments.isEmpty() || arguments.equals(List.of("--full"))) {
      return new SessionPlan(
          arguments.isEmpty() ? sizes(100_000) : sizes(100_000, 1_000_000),
          List.of(1, 2, 4),
          5,
          Duration.ofMillis(500),
          Duration.ofSeconds(3),
          true);
    }
    if (arguments.equals(List.of("--short"))) {
      return new SessionPlan(
          sizes(2_000), List.of(1, 2), 1, Duration.ofMillis(50), Duration.ofMillis(50), false);
    }
    throw new IllegalArgumentException(
        String.join(" ", arguments) + ": expected nothing, --short or --full");
  }

  /** The number of processes at which targets are judged. */
  int mostProcesses() {
    return processes.get(processes.size() - 1);
  }

  private static List<SessionSize> sizes(int... sessions) {
    return IntStream.of(sessions)
        .boxed()
        .flatMap(n -> List.of(new SessionSize(n, SMALL), new SessionSize(n, LARGE)).stream())
        .toList();
  }
}
