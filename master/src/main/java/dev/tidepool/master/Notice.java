package dev.tidepool.master;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time between an order that empties the pool and what it does: all workers still serve, but
 * the admin pages say already that they will not, and load balancers look away.
 */
final class Notice {
  private @Nullable Runnable order;
  private long due = Long.MAX_VALUE;

  /** Carries out {@code newOrder} after {@code time}; at once if there has been notice of one. */
  void give(Runnable newOrder, Duration time, long now) {
    due = given() ? now : now + time.toNanos();
    order = newOrder;
    advance(now);
  }

  boolean given() {
    return order != null;
  }

  void withdraw() {
    order = null;
    due = Long.MAX_VALUE;
  }

  void advance(long now) {
    Runnable noticed = order;
    if (noticed != null && now >= due) {
      withdraw();
      noticed.run();
    }
  }

  /** When the order is carried out, or never. */
  long due() {
    return due;
  }
}
