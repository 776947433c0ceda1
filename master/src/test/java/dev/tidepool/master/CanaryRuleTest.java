package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.conf.CanarySettings;
import dev.tidepool.control.LatencyHistogram;
import dev.tidepool.master.CanaryRule.Decision;
import dev.tidepool.master.CanaryRule.Outcome;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a canary is let through with, and what not. */
class CanaryRuleTest {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration EARLY = Duration.ofSeconds(1);
  private static final CanarySettings SETTINGS =
      new CanarySettings(0.2, TIME, 200, LIMIT, 0.01, 2.0, Duration.ofMillis(5), 2.0);
  private static final long MIB = 1 << 20;

  /** All took 8 ms or less. */
  private static CanaryFigures served(long requests, long errors) {
    return figures(requests, 0, errors, 50);
  }

  /** {@code slow} of the requests took 128 ms, the others 8 ms. */
  private static CanaryFigures figures(long requests, long slow, long errors, long mebibytes) {
    long[] latencies = new long[LatencyHistogram.BUCKETS];
    latencies[28] = requests - slow;
    latencies[44] = slow;
    return new CanaryFigures(latencies, errors, mebibytes * MIB);
  }

  private static Decision decide(Duration since, CanaryFigures fresh, CanaryFigures old) {
    return new CanaryRule(SETTINGS).decide(since, fresh, old);
  }

  private static Outcome outcome(Duration since, CanaryFigures fresh, CanaryFigures old) {
    return decide(since, fresh, old).outcome();
  }

  @Test
  void isLetThroughAfterItsTimeWithItsRequests() {
    assertThat(outcome(EARLY, served(5000, 0), served(5000, 0))).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(TIME, served(199, 0), served(5000, 0))).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(TIME, served(200, 0), served(5000, 0))).isEqualTo(Outcome.LET_THROUGH);
  }

  @Test
  void isNeverLetThroughOnFewerRequests() {
    Decision decision = decide(LIMIT, served(199, 0), served(5000, 0));
    assertThat(decision.outcome()).isEqualTo(Outcome.ROLL_BACK);
    assertThat(decision.reason()).contains("199 requests", "requests = 200", "limit is over");
  }

  @Test
  void nothingButErrorsIsRolledBackAtOnce() {
    assertThat(outcome(EARLY, served(4, 4), served(2000, 0))).isEqualTo(Outcome.GO_ON);
    Decision decision = decide(EARLY, served(5, 5), served(2000, 0));
    assertThat(decision.outcome()).isEqualTo(Outcome.ROLL_BACK);
    assertThat(decision.reason()).contains("5 errors in 5 requests, the old one 0 in 2000");
  }

  @Test
  void alsoWhenNobodyAsksTheOldOneAnyMore() {
    assertThat(outcome(EARLY, served(5, 5), served(0, 0))).isEqualTo(Outcome.ROLL_BACK);
  }

  @Test
  void anErrorInFewRequestsProvesNothing() {
    assertThat(outcome(EARLY, served(20, 1), served(2000, 0))).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(TIME, served(20, 1), served(2000, 0))).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(TIME, served(200, 1), served(2000, 0))).isEqualTo(Outcome.LET_THROUGH);
  }

  @Test
  void errorsAboveTheLimitThatMayBeChanceKeepItWaiting() {
    assertThat(outcome(TIME, served(200, 4), served(2000, 0))).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(LIMIT, served(200, 4), served(2000, 0))).isEqualTo(Outcome.ROLL_BACK);
    assertThat(outcome(EARLY, served(1000, 20), served(2000, 0))).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(EARLY, served(20_000, 400), served(20_000, 0))).isEqualTo(Outcome.ROLL_BACK);
  }

  @Test
  void errorsOfTheOldOneAreForgivenToTheNewOne() {
    assertThat(outcome(TIME, served(1000, 300), served(4000, 1200))).isEqualTo(Outcome.LET_THROUGH);
  }

  /** Looked at after each request, of which one of twenty fails on both sides. */
  @Test
  void chanceHardlyEverRollsBackWhatIsAsGood() {
    var random = new Random(4711);
    int rolledBack = 0;
    for (int run = 0; run < 200; run++) {
      long errors = 0;
      long oldErrors = 0;
      Outcome outcome = Outcome.GO_ON;
      for (int requests = 1; requests <= 2000 && outcome == Outcome.GO_ON; requests++) {
        errors += random.nextInt(20) == 0 ? 1 : 0;
        oldErrors += random.nextInt(20) == 0 ? 1 : 0;
        outcome = outcome(EARLY, served(requests, errors), served(requests, oldErrors));
      }
      rolledBack += outcome == Outcome.ROLL_BACK ? 1 : 0;
    }
    assertThat(rolledBack).isLessThanOrEqualTo(2);
  }

  @Test
  void slownessIsJudgedWhenItsTimeIsOver() {
    var old = figures(2000, 0, 0, 50);
    assertThat(outcome(EARLY, figures(1000, 500, 0, 50), old)).isEqualTo(Outcome.GO_ON);
    Decision decision = decide(TIME, figures(1000, 500, 0, 50), old);
    assertThat(decision.outcome()).isEqualTo(Outcome.ROLL_BACK);
    assertThat(decision.reason()).contains("p95 of 131.1 ms, the old one 8.2 ms");
  }

  @Test
  void aFewSlowRequestsProveNothing() {
    var old = figures(2000, 0, 0, 50);
    assertThat(outcome(TIME, figures(200, 9, 0, 50), old)).isEqualTo(Outcome.LET_THROUGH);
    assertThat(outcome(TIME, figures(200, 15, 0, 50), old)).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(LIMIT, figures(200, 15, 0, 50), old)).isEqualTo(Outcome.ROLL_BACK);
    assertThat(outcome(TIME, figures(4, 4, 0, 50), old)).isEqualTo(Outcome.GO_ON);
  }

  @Test
  void slowAsTheOldOneIsFine() {
    var old = figures(2000, 200, 0, 50);
    assertThat(outcome(TIME, figures(1000, 300, 0, 50), old)).isEqualTo(Outcome.LET_THROUGH);
  }

  @Test
  void anOldOneThatHardlyServesIsNoMeasureOfLatency() {
    var old = figures(199, 0, 0, 50);
    assertThat(outcome(TIME, figures(1000, 500, 0, 50), old)).isEqualTo(Outcome.LET_THROUGH);
  }

  @Test
  void memoryIsComparedWhenItsTimeIsOver() {
    var old = figures(2000, 0, 0, 50);
    assertThat(outcome(EARLY, figures(1000, 0, 0, 101), old)).isEqualTo(Outcome.GO_ON);
    assertThat(outcome(TIME, figures(1000, 0, 0, 100), old)).isEqualTo(Outcome.LET_THROUGH);
    Decision decision = decide(TIME, figures(1000, 0, 0, 101), old);
    assertThat(decision.outcome()).isEqualTo(Outcome.ROLL_BACK);
    assertThat(decision.reason()).contains("101 MiB of memory, the old one 50 MiB");
    assertThat(outcome(TIME, figures(1000, 0, 0, 101), figures(2000, 0, 0, 0)))
        .isEqualTo(Outcome.LET_THROUGH);
  }

  @Test
  void aLatencyBeyondTheHistogramIsSaidSo() {
    long[] latencies = new long[LatencyHistogram.BUCKETS];
    latencies[LatencyHistogram.BUCKETS - 1] = 10;
    assertThat(new CanaryFigures(latencies, 0, 0).toString())
        .isEqualTo("10 requests, 0.00 % errors, p95 over 2965 ms, 0 MiB");
  }

  @Test
  void shareIsInWholeWorkers() {
    assertThat(SETTINGS.workers(1)).isEqualTo(1);
    assertThat(SETTINGS.workers(4)).isEqualTo(1);
    assertThat(SETTINGS.workers(8)).isEqualTo(2);
  }
}
