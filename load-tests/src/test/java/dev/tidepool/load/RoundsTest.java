package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundsTest {
  @Test
  void medians() {
    assertThat(new Rounds(List.of(3.0, 1.0, 2.0)).median()).isEqualTo(2.0);
    assertThat(new Rounds(List.of(4.0, 1.0)).median()).isEqualTo(2.5);
  }

  @Test
  void showsTheSpread() {
    var rounds = new Rounds(List.of(3000.4, 1000.0, 2000.6));
    assertThat(rounds.rate()).isEqualTo("2,001");
    assertThat(rounds.range()).isEqualTo("1,000–3,000");
  }

  @Test
  void nothingMeasuredIsNoFigure() {
    assertThatThrownBy(() -> new Rounds(List.of())).hasMessage("no rounds");
  }
}
