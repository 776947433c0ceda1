package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * When a pool with {@code workers.min} and {@code workers.max} grows and shrinks.
 *
 * @param growAbove share of busyness, 1 for as much as the workers can do at once
 * @param memoryMaxBytes what all workers may have together for the pool to grow; 0 is no limit
 */
public record ScalingSettings(
    double growAbove,
    Duration growAfter,
    double shrinkBelow,
    Duration shrinkAfter,
    long memoryMaxBytes) {

  static ScalingSettings from(Config root, Problems problems) {
    var in = new Section(root, "scaling", problems);
    var c =
        new ScalingSettings(
            in.fraction("grow-above", 0.05, 1.0),
            in.duration("grow-after", "0 s", "1 h"),
            in.fraction("shrink-below", 0.0, 0.95),
            in.duration("shrink-after", "0 s", "24 h"),
            in.bytes("memory-max", "0 B", "16 TiB"));
    in.compare(c.shrinkBelow < c.growAbove, "shrink-below", "expected less than", "grow-above");
    return c;
  }
}
