package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;

/**
 * Whether this worker may have another connection ({@code limits.connections}). A full one leaves
 * new connections in the queue that all workers accept from.
 */
final class Room {
  private final int limit;
  private final int own;
  private final WorkerRecord record;
  private final PoolView pool;

  /**
   * @param limit 0 for none
   */
  Room(int limit, int ownRecord, WorkerRecord record, PoolView pool) {
    this.limit = limit == 0 ? Integer.MAX_VALUE : limit;
    this.own = ownRecord;
    this.record = record;
    this.pool = pool;
  }

  boolean isFull() {
    return record.connections() >= limit;
  }

  /** True if there is none here nor, as far as the scoreboard tells, at a sibling. */
  boolean isNowhere(long now) {
    if (!isFull()) {
      return false;
    }
    for (int sibling = 0; sibling < pool.size(); sibling++) {
      if (sibling != own
          && pool.connections(sibling) < limit
          && pool.freshlyServing(sibling, now)) {
        return false;
      }
    }
    return true;
  }

  /** True of the connection whose end makes room; {@code left} are still open. */
  boolean isMadeAt(int left) {
    return left == limit - 1;
  }
}
