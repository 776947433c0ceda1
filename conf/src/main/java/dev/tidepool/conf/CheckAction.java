package dev.tidepool.conf;

/** What becomes of a worker that fails a check. */
public enum CheckAction {
  OFF,
  LOG,
  REPLACE
}
