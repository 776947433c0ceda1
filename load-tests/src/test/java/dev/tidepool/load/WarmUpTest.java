package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
  @Test
  void goesOnWhileOneOfTheLastRoundsWasCheaperThanAllBefore() {
    assertThat(WarmUp.settled(List.of(62.1, 43.7, 15.2))).isFalse();
    assertThat(WarmUp.settled(List.of(62.1, 43.7, 15.2, 15.9, 15.8, 14.9))).isFalse();
    assertThat(WarmUp.settled(List.of(62.1, 43.7, 15.2, 15.9, 15.8, 14.9, 15.3, 16.0))).isTrue();
    assertThat(WarmUp.settled(List.of(62.1, 43.7, 15.2, 15.9, 15.8, 13.2, 15.3, 16.0))).isFalse();
  }

  @Test
  void aRoundThatWasSlowedDownIsNoEnd() {
    assertThat(WarmUp.settled(List.of(43.7, 60.0, 50.0, 55.0, 48.0, 15.2))).isFalse();
  }

  @Test
  void endsWhenItsTimeIsOver() throws IOException, InterruptedException {
    var rounds = new AtomicInteger();
    WarmUp.seconds(() -> 100.0 / rounds.incrementAndGet(), Duration.ZERO);
    assertThat(rounds).hasValue(1);
  }
}
