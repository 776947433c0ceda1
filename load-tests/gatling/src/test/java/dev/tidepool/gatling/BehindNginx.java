package dev.tidepool.gatling;

/** A reload behind nginx, which keeps connections, loses nothing. */
public final class BehindNginx extends DisturbedLoad {
  public BehindNginx() {
    super(System.getProperty("tidepool.nginx", Target.ADDRESS), Pool::reload);
  }
}
