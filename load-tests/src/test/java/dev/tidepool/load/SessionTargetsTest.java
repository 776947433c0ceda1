package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.load.SessionResults.Point;
import dev.tidepool.load.TestedStore.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionTargetsTest {
  private static final SessionSize FEW = new SessionSize(100, 512);
  private static final SessionSize MANY = new SessionSize(1000, 512);

  private final SessionResults results = new SessionResults();

  @Test
  void allIsReachedByAStoreThatIsFastEnough() {
    fill(FEW, 390, 4_000_000);
    fill(MANY, 390, 4_000_000);
    assertThat(judge()).hasSize(2 * (1 + 3 + 3) + 3).allMatch(Target::reached);
  }

  @Test
  void aSlowGetIsFarFromTheLimit() {
    fill(FEW, 410, 4_000_000);
    assertThat(missed())
        .containsExactly(
            "100 sessions of 512 bytes: get p50 4.10 x the array's, wanted at most 4.0");
  }

  @Test
  void lessThanFortyTimesRedisIsTooLittle() {
    fill(FEW, 390, 3_900_000);
    assertThat(missed()).hasSize(3).allMatch(text -> text.contains("39.0 x the throughput"));
  }

  @Test
  void aTailThatGrowsWithTheSessionsIsSeen() {
    fill(FEW, 200, 4_000_000);
    fill(MANY, 310, 4_000_000);
    assertThat(missed()).hasSize(3).allMatch(text -> text.contains("p99 1.55 x that with 100,"));
  }

  @Test
  void processesThatHinderEachOtherAreSeen() {
    fill(FEW, 390, 4_000_000);
    add(FEW, Operation.PUT, 1, Kind.CHRONICLE, 3_333_333, 390);
    assertThat(missed()).singleElement().asString().contains("put with 2 processes 1.20 x");
  }

  private List<String> missed() {
    return judge().stream().filter(t -> !t.reached()).map(Target::text).toList();
  }

  private List<Target> judge() {
    var plan =
        new SessionPlan(
            List.of(FEW, MANY), List.of(1, 2, 4), 1, Duration.ZERO, Duration.ZERO, true);
    return SessionTargets.of(plan, results, 2);
  }

  /** The array takes 100 ns and Redis does 100,000 operations a second. */
  private void fill(SessionSize size, long nanos, double rate) {
    for (Operation operation : Operation.values()) {
      for (int processes : new int[] {1, 2, 4}) {
        double share = processes == 1 ? 0.5 : 1;
        add(size, operation, processes, Kind.ARRAY, rate * 2 * share, 100);
        add(size, operation, processes, Kind.CHRONICLE, rate * share, nanos);
        add(size, operation, processes, Kind.REDIS, 100_000, 30_000);
      }
    }
  }

  private void add(
      SessionSize size, Operation operation, int processes, Kind kind, double rate, long nanos) {
    results.add(new Point(size, operation, processes, kind), MeasurementTest.measured(rate, nanos));
  }
}
