package dev.tidepool.master;

import dev.tidepool.posix.Signal;

/** How a worker ended: its exit code, or 128 and the number of the signal, as the JDK has it. */
record WorkerExit(int code) {

  /** A worker that cannot serve says so with this code, and why in a message before. */
  static final int CANNOT_SERVE = 70;

  /** In words, with the number: "code 3 (out of memory)", "signal 9 (KILL)". */
  @Override
  public String toString() {
    for (Signal signal : Signal.values()) {
      if (code == 128 + signal.number()) {
        return "signal " + signal.number() + " (" + signal + meaning(signal) + ")";
      }
    }
    return "code " + code + meaning(code);
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
