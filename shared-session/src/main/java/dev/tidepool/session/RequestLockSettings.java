package dev.tidepool.session;

import java.time.Duration;

/**
 * How requests for one session wait for each other.
 *
 * @param limit how long a request waits before it is answered 503
 * @param waiters requests of one session that wait at one time in one worker; more are answered 503
 */
public record RequestLockSettings(Duration limit, int waiters) {
  public RequestLockSettings {
    if (limit.isNegative() || limit.isZero() || waiters < 0) {
      throw new IllegalArgumentException("limit=" + limit + " waiters=" + waiters);
    }
  }
}
