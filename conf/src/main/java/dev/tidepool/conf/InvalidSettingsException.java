package dev.tidepool.conf;

import java.util.List;

/** The configuration cannot be used. */
public final class InvalidSettingsException extends Exception {
  private final List<String> problems;

  InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /**
   * Everything that is wrong, each one line: {@code file: line: key = value: expectation}. The
   * message of this exception is the same lines.
   */
  public List<String> problems() {
    return problems;
  }
}
