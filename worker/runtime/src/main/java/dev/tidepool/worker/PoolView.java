package dev.tidepool.worker;

/** What a worker sees of the pool: the records of the scoreboard, its own one included. */
interface PoolView {

  /** Number of records; each of the other methods takes an index below it. */
  int size();

  /** True if the worker of this record serves, and its heartbeat is not stale. */
  boolean freshlyServing(int record, long now);

  /** Open connections, those on their way to it included. */
  int connections(int record);

  /** True if the worker of this record is of a later generation than this one: a canary, mostly. */
  boolean newer(int record);

  /**
   * By how much its share of the requests differs from an even one, as a number of connections. A
   * proxy uses the connection that it used last, so that equal numbers of connections may bring one
   * worker three times the requests of another.
   */
  int heat(int record);
}
