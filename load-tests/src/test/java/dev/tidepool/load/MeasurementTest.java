package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MeasurementTest {
  @Test
  void workersSideBySideAddUp() {
    Measurement sum = Measurement.sum(List.of(measured(1_000.5, 10), measured(2_000, 30)));
    Measurement parsed = Measurement.parse(sum.encode());
    assertThat(parsed.rate()).isEqualTo(3_000.5);
    assertThat(parsed.latencies().count()).isEqualTo(2);
    assertThat(parsed.latencies().quantile(1)).isEqualTo(30);
  }

  @Test
  void otherOutputOfAWorkerIsNoMeasurement() {
    assertThatThrownBy(() -> Measurement.parse("filled"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("filled");
  }

  static Measurement measured(double rate, long nanos) {
    var latencies = new Latencies();
    latencies.add(nanos);
    return new Measurement(rate, latencies);
  }
}
