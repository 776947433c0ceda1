package dev.tidepool.master;

/**
 * Size of the young generation that a worker is started with.
 *
 * @param bytes 0 if the worker's own JVM options decide
 * @param why for people: how it came to be
 */
record YoungSize(long bytes, String why) {

  boolean isKnown() {
    return bytes != 0;
  }
}
