package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form; {@code -Dtidepool.chaos.kills=500 -Dtidepool.chaos.seconds=3600} makes it long.
 */
class ChaosTest {
  @TempDir Path directory;

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    int kills = Integer.getInteger("tidepool.chaos.kills", 40);
    int seconds = Integer.getInteger("tidepool.chaos.seconds", 40);
    try (ChaosRun run = new ChaosRun(directory, 3)) {
      run.kill(kills, seconds);

      String report = run.report();
      System.out.println(report);
      assertThat(run.lost()).as(report).isZero();
      assertThat(run.torn()).as(report).isZero();
      assertThat(run.doubled()).as(report).isZero();
      assertThat(run.stuck()).as(report).isZero();
      assertThat(run.planted()).as("kills inside the guarded section: %s", report).isPositive();
      assertThat(run.store().statistics().recoveries()).as(report).isPositive();
    }
  }
}
