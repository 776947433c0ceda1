package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How workers leave.
 *
 * @param notice before all of them do
 * @param spread in which long-lived connections are ended
 */
public record DrainSettings(
    Duration notice, Duration idleWindow, Duration spread, Duration timeout) {

  /** Leaves as much time again for those that are ended last. */
  public Duration effectiveSpread() {
    Duration half = timeout.dividedBy(2);
    return spread.compareTo(half) < 0 ? spread : half;
  }

  static DrainSettings from(Config root, Problems problems) {
    var in = new Section(root, "drain", problems);
    return new DrainSettings(
        in.duration("notice", "0 s", "10 m"),
        in.duration("idle-window", "0 s", "10 m"),
        in.duration("spread", "0 s", "24 h"),
        in.duration("timeout", "0 s", "24 h"));
  }
}
