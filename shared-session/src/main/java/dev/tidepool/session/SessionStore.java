package dev.tidepool.session;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions as bytes, by {@link SessionKey}, shared by all workers. Each call is atomic over all
 * processes, and what it acknowledged by returning survives the death of any of them.
 *
 * <p>The first 16 bytes of a value are {@link StoredValue}'s; the rest is the caller's. No call may
 * be made from inside a {@link Change}.
 */
public interface SessionStore extends AutoCloseable {

  /** The value of {@code key}, a copy, or null. */
  byte @Nullable [] get(byte[] key);

  /**
   * Replaces the value of {@code key} by what {@code change} makes of it.
   *
   * @return what is stored now
   * @throws StoreFullException if there is no room; what was stored is unchanged
   * @throws LockTimeoutException if a living process does not let go of the segment
   */
  byte @Nullable [] update(byte[] key, Change change);

  /**
   * Gives the value of {@code from}, as {@code change} makes it, to {@code to}. Nobody ever finds
   * both, or neither, even if this process dies on the way.
   *
   * @return what is stored under {@code to} now, or null if nothing was stored under {@code from}
   * @throws StoreException if {@code to} is in use
   */
  byte @Nullable [] move(byte[] from, byte[] to, Change change);

  /** Counters of the whole pool. */
  StoreStatistics statistics();

  /** Calls {@code listener} with key and value of what is evicted by calls of this process. */
  void onEvicted(BiConsumer<byte[], byte[]> listener);

  /** Lets go of the files. Sessions stay. */
  @Override
  void close();

  /** What becomes of a value. Runs inside the guard: no I/O, no waiting, nothing of the app. */
  @FunctionalInterface
  interface Change {
    /**
     * Makes the next value.
     *
     * @param current what is stored, or null; not to be written to
     * @return {@code current} itself to leave it, another array to store, null to remove
     */
    byte @Nullable [] apply(byte @Nullable [] current);
  }
}
