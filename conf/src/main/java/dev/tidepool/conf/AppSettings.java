package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The app to serve and the settings it is handed.
 *
 * @param context where a WAR is served: {@code /}, or a path that begins and does not end with it
 */
public record AppSettings(Path path, String context, Config settings) {
  private static final Pattern CONTEXT = Pattern.compile("/|(/[\\p{Alnum}._~-]+)+");

  static AppSettings from(Config root, Problems problems) {
    var in = new Section(root, "app", problems);
    var c = new AppSettings(in.path("path"), in.text("context"), in.free("settings"));
    in.require(
        CONTEXT.matcher(c.context).matches(),
        "context",
        "expected \"/\", or a path such as \"/shop\" of letters, digits and ._~-");
    return c;
  }
}
