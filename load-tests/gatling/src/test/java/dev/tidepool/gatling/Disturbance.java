package dev.tidepool.gatling;

/** Something that happens to a pool while it is loaded. */
interface Disturbance {
  /**
   * Has it happen, and waits until the pool is whole again.
   *
   * @return how many requests may fail because of it
   */
  int happen() throws Exception;
}
