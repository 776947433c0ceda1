package dev.tidepool.session;

/**
 * The store over all workers, dead ones included. Read without stopping anyone: the numbers need
 * not belong to one instant.
 *
 * @param sessions stored now
 * @param bytes taken by their values
 * @param capacity sessions at most
 * @param maximumBytes of one session
 * @param hits look-ups that found a session
 * @param misses look-ups that did not
 * @param recoveries segments repaired after a death
 * @param takeovers guards taken over from the dead, most of them with nothing to repair
 * @param lockWaits operations that found their segment in use
 * @param refused writes that had no room
 * @param expired sessions that ended because they were idle
 * @param evicted sessions that made room for others
 * @param undecodable attributes that could not be decoded
 */
public record StoreStatistics(
    long sessions,
    long bytes,
    long capacity,
    long maximumBytes,
    int segments,
    long hits,
    long misses,
    long recoveries,
    long takeovers,
    long lockWaits,
    long refused,
    long expired,
    long evicted,
    long undecodable) {}
