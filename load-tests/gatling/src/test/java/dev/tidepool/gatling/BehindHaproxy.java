package dev.tidepool.gatling;

/** A reload behind HAProxy, which keeps connections, loses nothing. */
public final class BehindHaproxy extends DisturbedLoad {
  public BehindHaproxy() {
    super(System.getProperty("tidepool.haproxy", Target.ADDRESS), Pool::reload);
  }
}
