package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One line for each request.
 *
 * @param file empty for stdout
 * @param format "combined", "json", or a pattern with names of fields
 */
public record AccessLogSettings(boolean enabled, Optional<Path> file, String format) {

  static AccessLogSettings from(Config root, Problems problems) {
    var in = new Section(root, "access-log", problems);
    var c = new AccessLogSettings(in.flag("enabled"), in.optionalPath("file"), in.text("format"));
    in.require(
        c.format.equals("combined") || c.format.equals("json") || c.format.contains("$"),
        "format",
        "expected combined, json, or a pattern with a $field");
    return c;
  }
}
