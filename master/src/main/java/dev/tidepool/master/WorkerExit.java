package dev.tidepool.master;

import dev.tidepool.posix.Signal;
import java.util.OptionalInt;

/**
 * How a worker ended; the code is empty if it was not our child. The JDK reports signals as 128+n.
 */
record WorkerExit(OptionalInt code) {

  /** A worker that cannot serve says so with this code, and why in a message before. */
  static final int CANNOT_SERVE = 70;

  static WorkerExit of(int code) {
    return new WorkerExit(OptionalInt.of(code));
  }

  static WorkerExit unknown() {
    return new WorkerExit(OptionalInt.empty());
  }

  /** In words, with the number: "code 3 (out of memory)", "signal 9 (KILL)". */
  @Override
  public String toString() {
    if (code.isEmpty()) {
      return "ended, code unknown";
    }
    int number = code.getAsInt();
    for (Signal signal : Signal.values()) {
      if (number == 128 + signal.number()) {
        return "signal " + signal.number() + " (" + signal + meaning(signal) + ")";
      }
    }
    return "code " + number + meaning(number);
  }

  private static String meaning(int code) {
    return switch (code) {
      case 0 -> " (ended by itself)";
      case 1 -> " (JVM did not start, or the app called exit)";
      case 3 -> " (out of memory)";
      case CANNOT_SERVE -> " (cannot serve)";
      case 126, 127 -> " (java could not be started)";
      default -> "";
    };
  }

  private static String meaning(Signal signal) {
    return switch (signal) {
      case KILL -> ", by someone, or by the kernel out of memory";
      case ABRT -> ", fatal error of the JVM: see hs_err.log in its report";
      case SEGV, BUS, ILL, FPE -> ", native crash";
      case XCPU -> ", CPU limit";
      default -> "";
    };
  }
}
