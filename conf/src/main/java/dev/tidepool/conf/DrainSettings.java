package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** How long a worker that leaves waits for its clients. */
public record DrainSettings(Duration idleWindow, Duration timeout) {

  static DrainSettings from(Config root, Problems problems) {
    var in = new Section(root, "drain", problems);
    return new DrainSettings(
        in.duration("idle-window", "0 s", "10 m"), in.duration("timeout", "0 s", "24 h"));
  }
}
