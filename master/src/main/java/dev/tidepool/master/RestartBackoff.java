package dev.tidepool.master;

import dev.tidepool.conf.WorkerSettings;
import java.time.Duration;

/**
 * When the next worker of one place may start: the first death is answered at once, further ones
 * after a delay that doubles up to its cap, until a worker lived long enough.
 */
final class RestartBackoff {
  private int deaths;
  private long notBefore;
  private boolean waiting;

  /**
   * Takes note of a death and answers the delay until the next start.
   *
   * @param servedNanos how long the dead worker had served, 0 if it never did
   */
  Duration died(long now, long servedNanos, WorkerSettings settings) {
    if (servedNanos >= settings.restartReset().toNanos()) {
      deaths = 0;
    }
    Duration delay = delay(deaths++, settings);
    notBefore = now + delay.toNanos();
    waiting = !delay.isZero();
    return delay;
  }

  private static Duration delay(int deathsBefore, WorkerSettings settings) {
    if (deathsBefore == 0) {
      return Duration.ZERO;
    }
    long first = settings.restartDelay().toMillis();
    long doubled = first << Math.min(deathsBefore - 1, 20);
    return Duration.ofMillis(Math.min(doubled, settings.restartDelayMax().toMillis()));
  }

  boolean allows(long now) {
    if (waiting && now - notBefore >= 0) {
      waiting = false;
    }
    return !waiting;
  }

  /** When {@link #allows} turns true; only meaningful while it is not. */
  long notBefore() {
    return notBefore;
  }

  int deaths() {
    return deaths;
  }

  void reset() {
    deaths = 0;
    waiting = false;
  }
}
