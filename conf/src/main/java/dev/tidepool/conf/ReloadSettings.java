package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** How a new generation replaces the old one. */
public record ReloadSettings(
    int surge, Duration watch, int keepGenerations, CanarySettings canary) {

  static ReloadSettings from(Config root, Problems problems) {
    var in = new Section(root, "reload", problems);
    return new ReloadSettings(
        in.integer("surge", 0, 128),
        in.duration("watch", "0 s", "1 h"),
        in.integer("keep-generations", 1, 100),
        CanarySettings.from(root, problems));
  }
}
