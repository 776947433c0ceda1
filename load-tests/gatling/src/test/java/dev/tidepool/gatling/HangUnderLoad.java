package dev.tidepool.gatling;

/** A worker that stands still is replaced, and costs only what it held. */
public final class HangUnderLoad extends DisturbedLoad {
  public HangUnderLoad() {
    super(Target.ADDRESS, Pool::stopWorker);
  }
}
