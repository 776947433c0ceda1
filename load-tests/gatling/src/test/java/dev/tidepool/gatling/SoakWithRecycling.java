package dev.tidepool.gatling;

/** Workers that have served enough make room for others, again and again: nothing is lost. */
public final class SoakWithRecycling extends DisturbedLoad {
  public SoakWithRecycling() {
    super(System.getProperty("tidepool.recycling", Target.ADDRESS), Pool::awaitRecycling);
  }
}
