package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;

/** The app to serve and the settings it is handed. */
public record AppSettings(Path path, Config settings) {

  static AppSettings from(Config root, Problems problems) {
    var in = new Section(root, "app", problems);
    return new AppSettings(in.path("path"), in.free("settings"));
  }
}
