package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How a new generation is tried on a part of the traffic, and by how much it may be worse than the
 * old one. Off if {@code share} is 0.
 */
public record CanarySettings(
    double share,
    Duration time,
    int requests,
    Duration limit,
    double errors,
    double latency,
    Duration latencySlack,
    double memory) {

  static CanarySettings from(Config root, Problems problems) {
    var in = new Section(root, "reload.canary", problems);
    var c =
        new CanarySettings(
            in.fraction("share", 0.0, 0.5),
            in.duration("time", "1 s", "24 h"),
            in.integer("requests", 1, 1_000_000_000),
            in.duration("limit", "1 s", "24 h"),
            in.fraction("errors", 0.0, 1.0),
            in.fraction("latency", 1.0, 1000.0),
            in.duration("latency-slack", "0 ms", "1 h"),
            in.fraction("memory", 1.0, 1000.0));
    in.compare(c.limit.compareTo(c.time) >= 0, "limit", "expected at least", "time");
    return c;
  }

  /**
   * Workers of the canary beside {@code serving} old ones, so that its part of all is the share: at
   * least 1, and 0 if it is off.
   */
  public int workers(int serving) {
    return share == 0 ? 0 : (int) Math.max(1, Math.round(serving * share / (1 - share)));
  }
}
