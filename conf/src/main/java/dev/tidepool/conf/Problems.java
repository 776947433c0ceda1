package dev.tidepool.conf;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with a configuration, so that all of it is reported at once. */
final class Problems {
  private static final int LONGEST_VALUE = 120;

  private final Set<String> lines = new LinkedHashSet<>();
  private final Set<String> keys = new HashSet<>();

  /** {@code value}, found at {@code key}, is not what was expected. */
  void add(String key, ConfigValue value, String expectation) {
    keys.add(key);
    add(Origins.describe(value.origin()) + ": " + key + " = " + show(value) + ": " + expectation);
  }

  /** What the library found wrong; its message begins with the origin. */
  void add(ConfigException failure) {
    add(String.valueOf(failure.getMessage()));
  }

  void add(String line) {
    lines.add(line.replaceAll("\\s*\\R\\s*", " "));
  }

  /** True if neither this key nor a section around it has a problem: its value may be compared. */
  boolean noneAt(String key) {
    for (int end = key.length(); end > 0; end = key.lastIndexOf('.', end - 1)) {
      if (keys.contains(key.substring(0, end))) {
        return false;
      }
    }
    return true;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void throwIfAny() throws InvalidSettingsException {
    if (!lines.isEmpty()) {
      throw new InvalidSettingsException(lines());
    }
  }

  private static String show(ConfigValue value) {
    String shown = value.render(ConfigRenderOptions.concise());
    return shown.length() <= LONGEST_VALUE ? shown : shown.substring(0, LONGEST_VALUE) + "…";
  }
}
