package dev.tidepool.control;

/** States of a worker, in the order of its life. The ordinal is what the scoreboard holds. */
public enum WorkerState {
  STARTING,
  WARMING,
  STANDBY,
  SERVING,
  DRAINING,
  STOPPING,
  GONE;

  /** As users see it, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
