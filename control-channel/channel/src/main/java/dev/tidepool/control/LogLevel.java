package dev.tidepool.control;

import java.util.logging.Level;
import java.util.stream.Stream;

/** Our names of levels, as slf4j-jdk14 maps them to java.util.logging. */
@SuppressWarnings("ImmutableEnumChecker") // levels do not change
enum LogLevel {
  ERROR(Level.SEVERE),
  WARN(Level.WARNING),
  INFO(Level.INFO),
  DEBUG(Level.FINE),
  TRACE(Level.FINEST);

  private final Level level;

  LogLevel(Level level) {
    this.level = level;
  }

  Level level() {
    return level;
  }

  /** The name for any level, also one between ours. */
  static LogLevel of(Level level) {
    return Stream.of(values())
        .filter(l -> level.intValue() >= l.level.intValue())
        .findFirst()
        .orElse(TRACE);
  }
}
