package dev.tidepool.gatling;

/** A reload under load loses nothing. */
public final class ReloadUnderLoad extends DisturbedLoad {
  public ReloadUnderLoad() {
    super(Target.ADDRESS, Pool::reload);
  }
}
