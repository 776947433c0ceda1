package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** Signs of life of a worker. */
public record HealthSettings(Duration heartbeatInterval) {

  static HealthSettings from(Config root, Problems problems) {
    var in = new Section(root, "health", problems);
    return new HealthSettings(in.duration("heartbeat-interval", "10 ms", "1 m"));
  }
}
