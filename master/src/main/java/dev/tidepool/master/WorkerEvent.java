package dev.tidepool.master;

/** What can happen to a worker; {@link Lifecycle} says what becomes of it. */
enum WorkerEvent {
  APP_STARTED,
  WARMED,
  SERVES,
  DRAIN,
  STOP,
  OVERDUE,
  EXITED
}
