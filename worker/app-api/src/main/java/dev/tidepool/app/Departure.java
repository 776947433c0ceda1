package dev.tidepool.app;

/** A worker that leaves, as the app sees it; see {@link AppContext#onDrain}. */
public interface Departure {

  /**
   * Ends one WebSocket, event stream or long poll, or asks its client to. All of them are ended at
   * random moments within {@code drain.spread}, so that their clients do not come back at once.
   *
   * @param end called once, on a thread that all share: it must not block
   */
  void end(Runnable end);
}
