package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** Signs of life of a worker, and what becomes of one that gives none. */
public record HealthSettings(
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    Duration stoppedTimeout,
    CheckSettings checks) {

  static HealthSettings from(Config root, Problems problems) {
    var in = new Section(root, "health", problems);
    var c =
        new HealthSettings(
            in.duration("heartbeat-interval", "10 ms", "1 m"),
            in.duration("heartbeat-timeout", "100 ms", "10 m"),
            in.duration("stopped-timeout", "1 s", "24 h"),
            CheckSettings.from(root, problems));
    in.compare(
        c.heartbeatTimeout.compareTo(c.heartbeatInterval.multipliedBy(2)) >= 0,
        "heartbeat-timeout",
        "expected at least twice",
        "heartbeat-interval");
    in.compare(
        c.stoppedTimeout.compareTo(c.heartbeatTimeout) >= 0,
        "stopped-timeout",
        "expected at least",
        "heartbeat-timeout");
    return c;
  }
}
