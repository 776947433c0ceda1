package dev.tidepool.worker;

/** Is told when a thread of the task pool begins and ends to wait for its client. */
interface ClientWaits {
  void begin();

  void end();
}
