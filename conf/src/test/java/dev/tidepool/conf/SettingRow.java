package dev.tidepool.conf;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A setting: a good value and what it becomes, bad values and what is said of them.
 *
 * @param read finds it among all settings
 */
record SettingRow(
    String key, String good, Object typed, Function<Settings, Object> read, List<Bad> bad) {

  /** A value that is refused, and a part of what is said of it. */
  record Bad(String value, String message) {}

  @Override
  public String toString() {
    return key;
  }

  static SettingRow row(
      String key, String good, Object typed, Function<Settings, Object> read, Bad... bad) {
    return new SettingRow(key, good, typed, read, List.of(bad));
  }

  static Bad bad(String value, String message) {
    return new Bad(value, message);
  }

  static SettingRow count(String key, int good, int min, int max, Function<Settings, Object> read) {
    String range = min + " to " + max;
    return row(
        key,
        "" + good,
        good,
        read,
        bad("" + (min - 1), range),
        bad("" + (max + 1L), range),
        bad("3.5", "expected a whole number"),
        bad("many", "expected a whole number"),
        bad("[1]", "expected a whole number"),
        bad("null", "= null: expected a whole number"));
  }

  static SettingRow time(
      String key, String good, Duration typed, String range, Function<Settings, Object> read) {
    return row(
        key,
        good,
        typed,
        read,
        bad("-1 ms", range),
        bad("1000 d", range),
        bad("17", "expected a duration with its unit"),
        bad("soon", "expected a duration with its unit"),
        bad("{a=1}", "expected a duration with its unit"));
  }

  static SettingRow size(
      String key, String good, Object typed, String range, Function<Settings, Object> read) {
    return row(
        key,
        good,
        typed,
        read,
        bad("-1", range),
        bad("1 PiB", range),
        bad("big", "expected a size"));
  }

  static SettingRow number(String key, double good, String range, Function<Settings, Object> read) {
    return row(
        key,
        "" + good,
        good,
        read,
        bad("-0.1", range),
        bad("1001", range),
        bad("NaN", range),
        bad("much", "expected a number"));
  }

  static SettingRow flag(String key, boolean good, Function<Settings, Object> read) {
    return row(key, "" + good, good, read, bad("maybe", "expected true or false"));
  }

  static SettingRow part(String key, Function<Settings, Object> read) {
    return row(key, "0.25", 0.25, read, bad("0", "0.01 to 1.0"), bad("1.1", "0.01 to 1.0"));
  }

  static SettingRow action(String key, Function<Settings, Object> read) {
    return choice(key, "off", CheckAction.OFF, "off, log, replace", read);
  }

  static SettingRow choice(
      String key, String good, Object typed, String all, Function<Settings, Object> read) {
    return row(
        key,
        good,
        typed,
        read,
        bad("neither", "expected one of " + all),
        bad(good.toUpperCase(Locale.ROOT), "expected one of " + all),
        bad("[]", "expected one of " + all));
  }
}
