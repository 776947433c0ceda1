package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.load.SessionResults.Point;
import dev.tidepool.load.TestedStore.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionTableTest {
  private final SessionResults results = new SessionResults();

  SessionTableTest() {
    add(Kind.ARRAY, 1_000_000, 100);
    add(Kind.CHRONICLE, 400_000, 190);
    add(Kind.CHRONICLE, 600_000, 210);
    add(Kind.REDIS, 10_000, 20_000);
  }

  @Test
  void showsMediansSpreadAndRatios() {
    assertThat(new SessionTable(results).toString())
        .contains("100 sessions of 512 bytes, get+put")
        .containsPattern(
            "Tidepool +4 +500,000 +400,000–600,000 +0\\.20 ±0\\.01 +0\\.20 ±0\\.01 +2\\.00 +50\\.0");
  }

  @Test
  void isWrittenForProgramsToo() {
    var target = new Target("fast", true);
    assertThat(SessionJson.of(results, List.of(target), "2 cores"))
        .contains("\"machine\":\"2 cores\"", "{\"target\":\"fast\",\"reached\":true}")
        .contains(
            "{\"store\":\"Tidepool\",\"operation\":\"get+put\",\"sessions\":100,\"bytes\":512,"
                + "\"processes\":4,\"rate\":{\"median\":500000.000,");
  }

  private void add(Kind kind, double rate, long nanos) {
    var point = new Point(new SessionSize(100, 512), Operation.GET_PUT, 4, kind);
    results.add(point, MeasurementTest.measured(rate, nanos));
  }
}
