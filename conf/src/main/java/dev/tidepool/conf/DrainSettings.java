package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How workers leave.
 *
 * @param notice before all of them do
 */
public record DrainSettings(Duration notice, Duration idleWindow, Duration timeout) {

  static DrainSettings from(Config root, Problems problems) {
    var in = new Section(root, "drain", problems);
    return new DrainSettings(
        in.duration("notice", "0 s", "10 m"),
        in.duration("idle-window", "0 s", "10 m"),
        in.duration("timeout", "0 s", "24 h"));
  }
}
