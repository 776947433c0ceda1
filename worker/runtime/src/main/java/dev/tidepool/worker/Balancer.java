package dev.tidepool.worker;

import dev.tidepool.conf.BalanceSettings;

/**
 * Decides who keeps a connection. A worker that accepted one gives it away if its connections
 * exceed {@code least + slack + own/8}, where {@code least} is the smallest number of a sibling
 * that serves with a fresh heartbeat. A worker that gets more than its share of the requests counts
 * as having more connections. The slack grows with those closed lately: short-lived ones need no
 * balance, and giving one away costs as much as several requests.
 */
final class Balancer {
  static final int KEEP = -1;

  private final BalanceSettings settings;
  private final int own;

  Balancer(BalanceSettings settings, int ownRecord) {
    this.settings = settings;
    this.own = ownRecord;
  }

  /** The record to give a new connection to, or {@link #KEEP}. */
  int receiver(PoolView pool, int recentlyClosed, long now) {
    if (!settings.enabled()) {
      return KEEP;
    }
    int receiver = leastLoadedSibling(pool, now);
    if (receiver == KEEP) {
      return KEEP;
    }
    boolean hot = pool.heat(own) > 0; // then who gets the next one matters, however short it is
    int slack = hot ? settings.slack() : slack(recentlyClosed);
    int limit = load(pool, receiver) + slack + pool.connections(own) / 8;
    return load(pool, own) > limit ? receiver : KEEP;
  }

  /**
   * The sibling with the fewest connections, or {@link #KEEP} if none serves. Of equal ones a newer
   * generation comes first: a canary would get none of a few connections otherwise.
   */
  int leastLoadedSibling(PoolView pool, long now) {
    int best = KEEP;
    int least = Integer.MAX_VALUE;
    // Starts behind the own record, so that equal siblings are not all given to in one order.
    for (int i = 1; i < pool.size(); i++) {
      int record = (own + i) % pool.size();
      int load = load(pool, record);
      boolean better = load < least || (load == least && pool.newer(record) && !pool.newer(best));
      if (better && pool.freshlyServing(record, now)) {
        best = record;
        least = load;
      }
    }
    return best;
  }

  private static int load(PoolView pool, int record) {
    return pool.connections(record) + pool.heat(record);
  }

  int slack(int recentlyClosed) {
    return settings.slack() + recentlyClosed / 24;
  }
}
