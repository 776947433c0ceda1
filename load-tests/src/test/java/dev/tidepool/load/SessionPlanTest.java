package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionPlanTest {
  @Test
  void onlyTheFullPlanHasAMillionSessions() {
    assertThat(SessionPlan.of(List.of()).sizes())
        .containsExactly(new SessionSize(100_000, 512), new SessionSize(100_000, 4096));
    assertThat(SessionPlan.of(List.of("--full")).sizes())
        .hasSize(4)
        .contains(new SessionSize(1_000_000, 4096));
  }

  @Test
  void aShortRunIsNotJudged() {
    assertThat(SessionPlan.of(List.of("--short")).isJudged()).isFalse();
    assertThat(SessionPlan.of(List.of()).isJudged()).isTrue();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> SessionPlan.of(List.of("--long")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--long")
        .hasMessageContaining("--full");
  }
}
