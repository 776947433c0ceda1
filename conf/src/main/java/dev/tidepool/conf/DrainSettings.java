package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How workers leave.
 *
 * @param notice before all of them do
 * @param ramp in which kept connections are given up, one after the other
 * @param spread in which long-lived connections are ended
 */
public record DrainSettings(
    Duration notice, Duration ramp, Duration idleWindow, Duration spread, Duration timeout) {

  public Duration effectiveRamp() {
    return atMostHalf(ramp);
  }

  public Duration effectiveSpread() {
    return atMostHalf(spread);
  }

  /** Leaves as much time again for those that are ended last. */
  private Duration atMostHalf(Duration time) {
    Duration half = timeout.dividedBy(2);
    return time.compareTo(half) < 0 ? time : half;
  }

  static DrainSettings from(Config root, Problems problems) {
    var in = new Section(root, "drain", problems);
    return new DrainSettings(
        in.duration("notice", "0 s", "10 m"),
        in.duration("ramp", "0 s", "10 m"),
        in.duration("idle-window", "0 s", "10 m"),
        in.duration("spread", "0 s", "24 h"),
        in.duration("timeout", "0 s", "24 h"));
  }
}
