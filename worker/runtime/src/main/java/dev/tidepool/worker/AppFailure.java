package dev.tidepool.worker;

/** Why a worker cannot serve: the phase ("load", "start", "warm-up") and a reason for the user. */
final class AppFailure extends Exception {
  private static final long serialVersionUID = 1;

  final String phase;

  AppFailure(String phase, String reason) {
    super(reason);
    this.phase = phase;
  }

  AppFailure(String phase, String reason, Throwable cause) {
    super(reason, cause);
    this.phase = phase;
  }
}
