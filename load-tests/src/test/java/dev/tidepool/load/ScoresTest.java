package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ScoresTest {
  private final Scores scores = new Scores();

  @BeforeEach
  void threeRoundsOfWhichOneWasSlowForAll() {
    add(Contender.TIDEPOOL_4, 120, 12, 130);
    add(Contender.UNDERTOW, 100, 10, 100);
  }

  private void add(Contender contender, double... rates) {
    for (double rate : rates) {
      scores.add(contender, Figure.KEPT, rate);
    }
  }

  @Test
  void ratiosAreTakenWithinRounds() {
    assertThat(scores.ratio(Contender.TIDEPOOL_4, Contender.UNDERTOW, Figure.KEPT))
        .contains(new Rounds(List.of(1.2, 1.2, 1.3)));
    assertThat(scores.ratio(Contender.TIDEPOOL_4, Contender.NGINX, Figure.KEPT)).isEmpty();
  }

  @Test
  void theTableHasMediansAndTheSpread() {
    scores.add(Contender.UNDERTOW, Figure.P50, 0.5);
    scores.add(Contender.UNDERTOW, Figure.P99, 2);
    assertThat(new ScoreTable(scores).toString().lines().skip(2))
        .satisfiesExactly(
            pool -> assertThat(pool).startsWith("| Tidepool, 4 workers     | 120 (12–130) |"),
            peer -> assertThat(peer).contains("| 100 (10–100) |", "| 0.50 / 2.00 "));
  }

  @Test
  void theChartHasABarForEachContender() {
    assertThat(ScoreChart.of(scores))
        .startsWith("<svg ")
        .contains(
            "kept req/s</text>",
            "width=\"387.7\" height=\"14\" fill=\"#1b7f9e\"",
            "width=\"323.1\" height=\"14\" fill=\"#b9c4c9\"")
        .doesNotContain("p99 ms");
  }

  @Test
  void jsonHasWhatWasMeasured() {
    assertThat(ScoreJson.of(scores, List.of(new Target("fast", false)), "one"))
        .contains(
            "{\"contender\":\"Undertow, 4 I/O threads\",\"kept\":"
                + "{\"median\":100.000,\"lowest\":10.000,\"highest\":100.000}}",
            "{\"target\":\"fast\",\"reached\":false}");
  }

  @Test
  void onlyWhatWasMeasuredIsATarget() {
    assertThat(PeerTargets.of(scores, 17))
        .containsExactly(
            new Target(
                "kept req/s, 4 workers to Undertow, 4 I/O threads: 1.20 (1.20–1.30),"
                    + " wanted at least 1.15",
                true));
  }

  @Test
  void memoryOfAWorkerIsWhatItAdds() {
    scores.add(Contender.TIDEPOOL_1, Figure.PSS_LOADED, 100);
    scores.add(Contender.TIDEPOOL_4, Figure.PSS_LOADED, 226);
    String target = "MB PSS per additional worker after load, Java %d: 42.00 (42.00–42.00), wanted";
    assertThat(PeerTargets.of(scores, 17))
        .contains(new Target(target.formatted(17) + " at most 40.00", false));
    assertThat(PeerTargets.of(scores, 25))
        .contains(new Target(target.formatted(25) + " at most 45.00", true));
  }
}
