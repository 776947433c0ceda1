package dev.tidepool.worker;

import dev.tidepool.conf.BalanceSettings;
import java.time.Duration;

/**
 * How many connections a worker should send away at each tick, so that a new sibling gets its
 * share: none, until for two ticks it has had more than hand-over at accept would have left it with
 * ({@code least + 1 + slack + own/8}, see {@link Balancer}), or a newer generation has none at all;
 * then the surplus over the mean, spread over {@code balance.shed-time}. Called by one thread.
 */
final class Shedding {
  private static final int TICKS_TO_COOL = 3;

  private final BalanceSettings settings;
  private final Balancer balancer;
  private final int own;
  private int ticksOverloaded;
  private int ticksHot;
  private double owed;

  Shedding(BalanceSettings settings, Balancer balancer, int ownRecord) {
    this.settings = settings;
    this.balancer = balancer;
    this.own = ownRecord;
  }

  /**
   * Connections whose next answer may say {@code Connection: close}.
   *
   * @param left of what an earlier tick returned
   * @param leaving own connections that have been told already
   */
  int tick(PoolView pool, int left, int leaving, int recentlyClosed, Duration tick, long now) {
    int all = 0;
    int serving = 0;
    int least = Integer.MAX_VALUE;
    boolean newerServes = false;
    int ofNewer = 0;
    for (int record = 0; record < pool.size(); record++) {
      if (record == own || pool.freshlyServing(record, now)) {
        int connections = pool.connections(record) - (record == own ? leaving : 0);
        all += connections;
        least = Math.min(least, connections);
        newerServes |= pool.newer(record);
        ofNewer += pool.newer(record) ? connections : 0;
        serving++;
      }
    }
    double mean = (double) all / serving;
    int mine = pool.connections(own) - leaving;
    int limit = least + 1 + balancer.slack(recentlyClosed) + mine / 8;
    // A canary is to get a part of the traffic: a single connection would be all of it.
    boolean owesCanary = newerServes && ofNewer == 0 && all > 1 && mine > mean;
    boolean overloaded = settings.enabled() && (mine > limit || owesCanary);
    ticksOverloaded = overloaded ? ticksOverloaded + 1 : 0;
    if (ticksOverloaded < 2) {
      owed = 0;
      return cools(pool, mine) ? 1 : 0;
    }
    double surplus = mine - mean;
    // At least one in a whole shed-time: a surplus of a few would otherwise never round up to one.
    owed += Math.max(surplus, 1) * tick.toNanos() / settings.shedTime().toNanos();
    int whole = (int) owed;
    owed -= whole;
    return (int) Math.min(left + whole, Math.ceil(surplus));
  }

  /**
   * True now and then while this worker gets more than its share of the requests: the next answer
   * goes most likely to its busiest connection, and the one that follows it to the coldest worker.
   */
  private boolean cools(PoolView pool, int connections) {
    boolean hot = settings.enabled() && pool.heat(own) > 0 && connections > 1;
    ticksHot = hot ? ticksHot + 1 : 0;
    return ticksHot % TICKS_TO_COOL == TICKS_TO_COOL - 1;
  }
}
