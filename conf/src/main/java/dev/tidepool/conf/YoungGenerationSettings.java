package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * When the next workers get a young generation of another size, and between which bounds.
 *
 * @param window for which a worker is watched
 * @param time part of the time that its threads run, which young collections may take
 * @param promotion part of what it allocates, which may get into the old generation
 * @param shrinkBelow part of these two
 * @param maxShare part of the heap
 */
public record YoungGenerationSettings(
    boolean enabled,
    Duration window,
    double time,
    double promotion,
    double shrinkBelow,
    long minBytes,
    double maxShare) {

  static YoungGenerationSettings from(Config root, Problems problems) {
    var in = new Section(root, "young-generation", problems);
    return new YoungGenerationSettings(
        in.flag("enabled"),
        in.duration("window", "1 s", "24 h"),
        in.fraction("time", 0.001, 0.5),
        in.fraction("promotion", 0.001, 1.0),
        in.fraction("shrink-below", 0.0, 0.4),
        in.bytes("min", "1 MiB", "16 GiB"),
        in.fraction("max", 0.01, 0.8));
  }
}
