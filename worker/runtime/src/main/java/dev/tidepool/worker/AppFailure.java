package dev.tidepool.worker;

import dev.tidepool.conf.AppSettings;
import org.jspecify.annotations.Nullable;

/** Why a worker cannot serve: the phase ("load", "start", "warm-up") and a reason for the user. */
final class AppFailure extends Exception {
  private static final long serialVersionUID = 1;

  final String phase;

  AppFailure(String phase, String reason) {
    super(reason);
    this.phase = phase;
  }

  AppFailure(String phase, String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.phase = phase;
  }

  /** The same, with the app that it is about. */
  AppFailure of(AppSettings app) {
    return new AppFailure(phase, app.key() + ": " + getMessage(), getCause());
  }
}
