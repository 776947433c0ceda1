package dev.tidepool.master;

/** Anything that happens to the master: queued by any thread, carried out by the supervisor's. */
interface MasterEvent {
  void deliverTo(Supervisor supervisor);
}
