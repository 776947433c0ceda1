package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where log lines go. */
public record LogSettings(Optional<Path> file, String level) {
  private static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  static LogSettings from(Config root, Problems problems) {
    var in = new Section(root, "log", problems);
    var c = new LogSettings(in.optionalPath("file"), in.text("level"));
    in.require(LEVELS.contains(c.level), "level", "expected one of " + String.join(", ", LEVELS));
    return c;
  }
}
