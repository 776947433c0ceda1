package dev.tidepool.conf;

import com.typesafe.config.ConfigOrigin;
import java.util.regex.Pattern;

/** Where a value was written, in the words of the user. */
final class Origins {
  static final String DEFAULT = "default";
  static final String ENVIRONMENT = "environment";
  static final String SET = "--set";

  private static final Pattern LINES_OF_NO_FILE =
      Pattern.compile("^(" + DEFAULT + "|" + SET + "): \\d+(-\\d+)?$");

  private Origins() {}

  /** {@code file: line}, {@code --set}, {@code environment} or {@code default}. */
  static String describe(ConfigOrigin origin) {
    String description = origin.description();
    var matcher = LINES_OF_NO_FILE.matcher(description);
    return matcher.matches() ? matcher.group(1) : description;
  }
}
