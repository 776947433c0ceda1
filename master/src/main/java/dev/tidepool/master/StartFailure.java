package dev.tidepool.master;

/** Why the master cannot start: one line for the user, and the exit code that goes with it. */
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1;
  private final ExitCode exitCode;

  StartFailure(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
