package dev.tidepool.session;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the sessions of a pool live and how much room they get. All workers of a pool must open the
 * store with equal settings.
 *
 * @param directory private directory of the files; made with mode 0700 if it is missing
 * @param pool what the pool is known by, such as its run-dir; two pools cannot share a directory
 * @param run one life of the pool, such as that of its master: the sessions of an earlier one are
 *     dropped unless {@code persist}
 * @param capacity sessions at most, 1 to 50,000,000
 * @param averageBytes what a session takes on average, 64 to {@code maximumBytes}
 * @param maximumBytes what one session may take at most, up to 16 MiB
 * @param persist keep the sessions of an earlier run
 * @param whenFull what becomes of a new session that has no room
 * @param lockTimeout how long a segment may be held by someone else; usual are microseconds
 */
public record StoreSettings(
    Path directory,
    String pool,
    String run,
    long capacity,
    int averageBytes,
    int maximumBytes,
    boolean persist,
    WhenFull whenFull,
    Duration lockTimeout) {

  static final int LARGEST_SESSION = 16 << 20;

  /** What becomes of a new session that has no room. */
  public enum WhenFull {
    /** It is refused with {@link StoreFullException}. */
    REFUSE,
    /** The session of the same segment that would expire next makes room. */
    EVICT_OLDEST
  }

  public StoreSettings {
    require(
        capacity >= 1 && capacity <= 50_000_000,
        "capacity=" + capacity + ", expected 1 to 50000000");
    require(
        maximumBytes >= 64 && maximumBytes <= LARGEST_SESSION,
        "maximumBytes=" + maximumBytes + ", expected 64 to " + LARGEST_SESSION);
    require(
        averageBytes >= 64 && averageBytes <= maximumBytes,
        "averageBytes=" + averageBytes + ", expected 64 to maximumBytes=" + maximumBytes);
    require(
        !lockTimeout.isNegative() && !lockTimeout.isZero(),
        "lockTimeout=" + lockTimeout + ", expected more than 0");
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
