package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LatenciesTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 255, 256, 257, 511, 512, 1_000, 65_537, 1_999_999_999_999L})
  void keepsADurationToOnePercent(long nanos) {
    var latencies = new Latencies();
    latencies.add(nanos);
    assertThat(latencies.quantile(0.5)).isCloseTo((double) nanos, within(nanos * 0.01));
  }

  @Test
  void quantilesAreThoseOfTheSortedDurations() {
    var latencies = new Latencies();
    for (int i = 100; i >= 1; i--) {
      latencies.add(i);
    }
    assertThat(latencies.quantile(0.5)).isEqualTo(50);
    assertThat(latencies.quantile(0.99)).isEqualTo(99);
    assertThat(latencies.quantile(1)).isEqualTo(100);
  }

  @Test
  void aSumHasTheDurationsOfAll() {
    var fast = new Latencies();
    fast.add(10);
    fast.add(20);
    var slow = new Latencies();
    slow.add(200);
    fast.addAll(slow);
    assertThat(fast.count()).isEqualTo(3);
    assertThat(fast.quantile(0.5)).isEqualTo(20);
    assertThat(fast.quantile(1)).isEqualTo(200);
  }

  @Test
  void survivesTheWayThroughText() {
    var latencies = new Latencies();
    latencies.add(7);
    latencies.add(7);
    latencies.add(123_456);
    Latencies parsed = Latencies.parse(latencies.encode());
    assertThat(parsed.count()).isEqualTo(3);
    assertThat(parsed.quantile(0.5)).isEqualTo(7);
    assertThat(parsed.quantile(1)).isEqualTo(latencies.quantile(1));
    assertThat(Latencies.parse("").count()).isZero();
  }

  @Test
  void nothingMeasuredHasNoQuantile() {
    assertThatThrownBy(() -> new Latencies().quantile(0.5)).hasMessage("nothing was measured");
  }
}
