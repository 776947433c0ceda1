package dev.tidepool.session;

/** Where a test may stop or kill a process inside the guarded section. Does nothing otherwise. */
interface StoreProbe {
  StoreProbe NONE = point -> {};

  void at(Point point);

  /** In the order in which a write, and after it a repair, passes them. */
  enum Point {
    ENTERED,
    JOURNAL_WRITTEN,
    JOURNAL_COMMITTED,
    HALF_WRITTEN,
    HALF_MOVED,
    MAP_CHANGED,
    JOURNAL_CLEARED,
    READING,
    REPAIR_STARTED,
    PICTURE_TAKEN,
    LOCK_RESET,
    TIER_RECOVERED,
    REPLAYED,
    PICTURE_DROPPED,
    REPLAY_CLEARED
  }
}
