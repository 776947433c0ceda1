package dev.tidepool.gatling;

/** A worker that is killed takes along only the requests on the connections that it held. */
public final class CrashUnderLoad extends DisturbedLoad {
  public CrashUnderLoad() {
    super(Target.ADDRESS, Pool::killWorker);
  }
}
