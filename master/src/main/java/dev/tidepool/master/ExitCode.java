package dev.tidepool.master;

/** Exit codes of {@code tidepool}; the higher ones are those of sysexits(3). */
public enum ExitCode {
  DONE(0),
  REFUSED(1),
  USAGE(2),
  NO_MASTER(69),
  NOT_ALLOWED(77),
  CONFIGURATION(78);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
