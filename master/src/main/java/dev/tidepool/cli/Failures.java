package dev.tidepool.cli;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.master.ExitCode;

/** How problems reach the terminal: one line each on stderr. */
final class Failures {
  private Failures() {}

  static int configuration(InvalidSettingsException e) {
    for (String problem : e.problems()) {
      System.err.println("tidepool: " + problem);
    }
    int count = e.problems().size();
    System.err.println("tidepool: " + count + (count == 1 ? " problem" : " problems"));
    return ExitCode.CONFIGURATION.number();
  }

  static int with(ExitCode code, String message) {
    System.err.println("tidepool: " + message);
    return code.number();
  }
}
