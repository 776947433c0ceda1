package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.conf.PoisonSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuspectsTest {
  private static final PoisonSettings SETTINGS =
      new PoisonSettings(2, Duration.ofMinutes(10), Duration.ofMinutes(1));

  private final Suspects suspects = new Suspects();
  private long now = Duration.ofHours(1).toNanos();

  @Test
  void namesWhatWasRunningInSeveralDeaths() {
    assertThat(died("GET /a", "GET /b")).isEmpty();
    assertThat(suspects.named(SETTINGS, now)).isEmpty();
    assertThat(died("GET /a")).containsExactly("GET /a");
    assertThat(suspects.named(SETTINGS, now)).containsOnly(java.util.Map.entry("GET /a", 2));
    assertThat(suspects.blocked(now)).containsOnlyKeys("GET /a");
    now += Duration.ofMinutes(1).toNanos();
    assertThat(suspects.blocked(now)).isEmpty();
  }

  @Test
  void forgetsDeathsOfLongAgo() {
    died("GET /a");
    now += Duration.ofMinutes(11).toNanos();
    assertThat(died("GET /a")).isEmpty();
  }

  @Test
  void doesNotSuspectWhatMostOthersWorkOn() {
    List<Set<String>> busy = List.of(Set.of("GET /hello"), Set.of("GET /hello"), Set.of());
    for (int death = 0; death < 5; death++) {
      suspects.died(Set.of("GET /hello"), busy, SETTINGS, now);
    }
    assertThat(suspects.named(SETTINGS, now)).isEmpty();
  }

  @Test
  void blocksNothingUnlessToldTo() {
    var naming = new PoisonSettings(2, Duration.ofMinutes(10), Duration.ZERO);
    suspects.died(Set.of("GET /a"), List.of(), naming, now);
    assertThat(suspects.died(Set.of("GET /a"), List.of(), naming, now)).isEmpty();
    assertThat(suspects.blocked(now)).isEmpty();
    assertThat(suspects.named(naming, now)).containsOnlyKeys("GET /a");
  }

  private List<String> died(String... running) {
    return suspects.died(Set.of(running), List.of(Set.of()), SETTINGS, now);
  }
}
