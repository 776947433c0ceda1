package dev.tidepool.control;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * States of a worker, in the order of its life, with the number that frames and scoreboard hold.
 */
public enum WorkerState {
  STARTING(0),
  WARMING(1),
  STANDBY(2),
  SERVING(3),
  DRAINING(4),
  STOPPING(5),
  GONE(6);

  private static final WorkerState[] ALL = values();
  private final int code;

  WorkerState(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static @Nullable WorkerState of(int code) {
    return code >= 0 && code < ALL.length ? ALL[code] : null;
  }

  /** As users see it, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
