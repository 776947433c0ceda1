package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpreadTest {
  @Test
  void workersThatGotNothingCount() {
    Spread spread = Spread.of(List.of(2, 6), 4);
    assertThat(spread.perWorker()).containsExactly(6, 2, 0, 0);
    assertThat(spread.unevenness()).isEqualTo(3.0);
    assertThat(spread).hasToString("6/2/0/0 (3.00 x mean)");
  }
}
