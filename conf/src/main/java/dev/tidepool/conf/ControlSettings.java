package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/** Who may use the control socket, and how much of it. */
public record ControlSettings(
    Optional<String> group, int maxClients, Duration idleTimeout, Duration workerTimeout) {

  static ControlSettings from(Config root, Problems problems) {
    var in = new Section(root, "control", problems);
    return new ControlSettings(
        in.optionalText("group"),
        in.integer("max-clients", 1, 10_000),
        in.duration("idle-timeout", "1 s", "1 h"),
        in.duration("worker-timeout", "1 s", "1 h"));
  }
}
