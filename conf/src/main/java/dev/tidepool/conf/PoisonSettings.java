package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** When a request is taken for what kills workers. */
public record PoisonSettings(int deaths, Duration window, Duration block) {

  static PoisonSettings from(Config root, Problems problems) {
    var in = new Section(root, "poison", problems);
    return new PoisonSettings(
        in.integer("deaths", 2, 1000),
        in.duration("window", "1 s", "24 h"),
        in.duration("block", "0 s", "24 h"));
  }
}
