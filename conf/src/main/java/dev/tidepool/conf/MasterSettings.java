package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** What workers do without a master. */
public record MasterSettings(Duration grace) {

  static MasterSettings from(Config root, Problems problems) {
    var in = new Section(root, "master", problems);
    return new MasterSettings(in.duration("grace", "0 s", "24 h"));
  }
}
