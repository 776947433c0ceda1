package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** Hand-over of accepted connections between workers. */
public record BalanceSettings(boolean enabled, int slack, Duration staleAfter, Duration shedTime) {

  static BalanceSettings from(Config root, Problems problems) {
    var in = new Section(root, "balance", problems);
    return new BalanceSettings(
        in.flag("enabled"),
        in.integer("slack", 0, 10_000),
        in.duration("stale-after", "20 ms", "1 m"),
        in.duration("shed-time", "100 ms", "10 m"));
  }
}
