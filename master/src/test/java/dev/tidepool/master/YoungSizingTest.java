package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.Settings;
import dev.tidepool.conf.SettingsLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What size of the young generation follows from what workers did with the one before. */
class YoungSizingTest {
  private static final Duration TIME = Duration.ofMinutes(1);
  private static final long BUSY = Duration.ofSeconds(30).toNanos();
  private static final long MIB = 1 << 20;

  private final YoungSizing sizing = new YoungSizing();

  private static Settings settings(String... sets) {
    try {
      return SettingsLoader.load(Path.of("/home"), Optional.empty(), List.of(sets), Map.of())
          .settings();
    } catch (InvalidSettingsException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  private final Settings defaults = settings();

  /** Parts of the time in collections, and of what was allocated. */
  private static YoungFigures busy(double time, double promotion) {
    return new YoungFigures(
        100, (long) (time * BUSY), 1000 * MIB, (long) (promotion * 1000 * MIB), BUSY);
  }

  private long mebibytes() {
    return sizing.next(defaults, 1).bytes() / MIB;
  }

  /** A worker with the present size spent this. */
  private void spent(double time, double promotion) {
    sizing.served(defaults, mebibytes() * MIB, busy(time, promotion), TIME);
  }

  @Test
  void startsAsConfigured() {
    assertThat(sizing.next(defaults, 1)).isEqualTo(new YoungSize(8 * MIB, "as configured"));
    assertThat(sizing.next(settings("workers.young-generation = 12 MiB"), 2).bytes())
        .isEqualTo(12 * MIB);
  }

  @Test
  void isDoubledIfCollectionsTakeTooMuchTime() {
    sizing.next(defaults, 1);
    YoungSize grown =
        new YoungSize(16 * MIB, "grown from 8 MiB: 6.1 % of time in young collections");
    assertThat(sizing.served(defaults, 8 * MIB, busy(0.061, 0), TIME)).contains(grown);
    assertThat(sizing.next(defaults, 1)).isEqualTo(grown);
  }

  @Test
  void isDoubledIfTooMuchIsPromoted() {
    spent(0.01, 0.25);
    assertThat(sizing.next(defaults, 1))
        .isEqualTo(
            new YoungSize(16 * MIB, "grown from 8 MiB: 25.0 % of what it allocated got old"));
  }

  @Test
  void goesOneStepForEachSize() {
    spent(0.06, 0);
    for (int others = 0; others < 3; others++) {
      assertThat(sizing.served(defaults, 8 * MIB, busy(0.06, 0), TIME)).isEmpty();
    }
    assertThat(mebibytes()).isEqualTo(16);
    spent(0.03, 0);
    assertThat(mebibytes()).isEqualTo(32);
  }

  @Test
  void staysBetweenTheBounds() {
    spent(0.019, 0.09);
    assertThat(mebibytes()).isEqualTo(8);
    spent(0.004, 0.09);
    assertThat(mebibytes()).as("one of both").isEqualTo(8);
    spent(0.019, 0);
    assertThat(mebibytes()).as("the other").isEqualTo(8);
  }

  @Test
  void isHalvedIfBothAreFarBelow() {
    spent(0.004, 0.02);
    assertThat(sizing.next(defaults, 1))
        .isEqualTo(
            new YoungSize(
                4 * MIB,
                "shrunk from 8 MiB: 0.4 % of time in young collections,"
                    + " 2.0 % of what it allocated got old"));
  }

  @Test
  void neitherStepBringsAboutTheOther() {
    spent(0.021, 0);
    spent(0.021 / 2, 0);
    assertThat(mebibytes()).isEqualTo(16);
    spent(0.0049, 0);
    spent(0.0049 * 2, 0);
    assertThat(mebibytes()).isEqualTo(8);
  }

  @Test
  void hasALargestAndASmallest() {
    for (int step = 0; step < 5; step++) {
      spent(1.0 / (1 << step), 0);
    }
    assertThat(mebibytes()).as("a quarter of 256 MiB").isEqualTo(64);
    for (int step = 0; step < 10; step++) {
      spent(0.0001, 0);
    }
    assertThat(mebibytes()).isEqualTo(1);
    Settings small = settings("workers.heap = 64 MiB", "young-generation.min = 4 MiB");
    assertThat(sizing.next(small, 2).bytes()).isEqualTo(4 * MIB);
  }

  @Test
  void neverShrinksAnotherConfiguredSize() {
    Settings tight = settings("workers.heap = 24 MiB", "workers.young-generation = 12 MiB");
    sizing.next(tight, 1);
    assertThat(sizing.served(tight, 12 * MIB, busy(0.5, 0), TIME)).isEmpty();
    assertThat(sizing.next(tight, 1).bytes()).isEqualTo(12 * MIB);
  }

  @Test
  void whatDidNotHelpIsGivenBackAndNotTriedAgainInThisGeneration() {
    spent(0.01, 0.5);
    spent(0.01, 0.49);
    assertThat(sizing.next(defaults, 1))
        .isEqualTo(
            new YoungSize(
                8 * MIB,
                "16 MiB did not help: what got old for each byte allocated was 98 % of that before"));
    spent(0.01, 0.5);
    assertThat(mebibytes()).isEqualTo(8);
    sizing.next(defaults, 2);
    spent(0.01, 0.5);
    assertThat(sizing.next(defaults, 2).bytes()).isEqualTo(16 * MIB);
  }

  @Test
  void timeThatStaysTheSameIsNoHelpEither() {
    spent(0.06, 0);
    spent(0.05, 0);
    assertThat(sizing.next(defaults, 1).why())
        .isEqualTo(
            "16 MiB did not help:"
                + " time in young collections for each byte allocated was 83 % of that before");
    assertThat(mebibytes()).isEqualTo(8);
  }

  @Test
  void idleWorkersDecideNothing() {
    sizing.next(defaults, 1);
    long little = TIME.toNanos() / 11;
    var idle = new YoungFigures(100, little / 2, 100, 0, little);
    assertThat(sizing.served(defaults, 8 * MIB, idle, TIME)).isEmpty();
    var few = new YoungFigures(9, BUSY / 2, 100, 0, BUSY);
    assertThat(sizing.served(defaults, 8 * MIB, few, TIME)).isEmpty();
  }

  @Test
  void optionsOfTheUserDecide() {
    for (String option :
        List.of("-Xmn2m", "-XX:NewSize=4m", "-XX:MaxNewSize=4m", "-XX:NewRatio=1")) {
      YoungSize size = sizing.next(settings("workers.jvm-options = [\"" + option + "\"]"), 1);
      assertThat(size.isKnown()).as(option).isFalse();
    }
    assertThat(mebibytes()).isEqualTo(8);
  }

  @Test
  void switchedOffItStaysAsConfigured() {
    spent(0.06, 0);
    Settings off = settings("young-generation.enabled=false");
    assertThat(sizing.next(off, 2)).isEqualTo(new YoungSize(8 * MIB, "as configured"));
    assertThat(sizing.served(off, 8 * MIB, busy(0.06, 0), TIME)).isEmpty();
  }
}
