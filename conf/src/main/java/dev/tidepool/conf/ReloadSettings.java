package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How a new generation replaces the old one.
 *
 * @param fallbackDeaths early deaths within {@code fallbackWindow} by which a generation on
 *     probation is given up; 0 for never
 */
public record ReloadSettings(
    int surge,
    Duration watch,
    Duration probation,
    int fallbackDeaths,
    Duration fallbackWindow,
    int keepGenerations,
    CanarySettings canary) {

  static ReloadSettings from(Config root, Problems problems) {
    var in = new Section(root, "reload", problems);
    return new ReloadSettings(
        in.integer("surge", 0, 128),
        in.duration("watch", "0 s", "1 h"),
        in.duration("probation", "0 s", "365 d"),
        in.integer("fallback-deaths", 0, 1000),
        in.duration("fallback-window", "1 s", "1 h"),
        in.integer("keep-generations", 1, 100),
        CanarySettings.from(root, problems));
  }
}
