package dev.tidepool.worker;

import dev.tidepool.conf.LimitSettings;
import dev.tidepool.control.WorkerRecord;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioIoThread;

/**
 * What a worker does at each heartbeat for the pool: publishes its totals, serves what lies in the
 * mailboxes of siblings that cannot, looks at the queues, sheds surplus connections, and closes
 * idle ones, sooner when there is no room for new ones.
 */
final class Upkeep implements Heartbeat.Tick {
  private static final long IDLE_CHECK = TimeUnit.SECONDS.toNanos(1);

  /** Ticks in which the mailbox of a dead worker is looked at, before it becomes every 20th. */
  private static final int FREQUENT_LOOKS = 20;

  /** Who waits for a moment only, as between the pages of a visitor, is not in the way. */
  private static final long IDLE_IN_THE_WAY = TimeUnit.SECONDS.toNanos(1);

  private static final long MENDED_AFTER = TimeUnit.SECONDS.toNanos(2);

  private final int own;
  private final WorkerRecord record;
  private final ScoreboardView pool;
  private final HttpFront front;
  private final Acceptor acceptor;
  private final Room room;
  private final Placement placement;
  private final Shedding shedding;
  private final RecentCloses closes;
  private final Totals totals;
  private final Duration interval;
  private final LimitSettings limits;
  private final long[] nextIdleCheck;
  private final int[] emptyLooks;
  private volatile boolean serving;
  private volatile boolean starved;
  private int drift;
  private long driftSince;

  Upkeep(
      int ownRecord,
      WorkerRecord record,
      ScoreboardView pool,
      HttpFront front,
      Acceptor acceptor,
      Room room,
      Placement placement,
      Shedding shedding,
      RecentCloses closes,
      Totals totals,
      Duration interval,
      LimitSettings limits) {
    this.own = ownRecord;
    this.record = record;
    this.pool = pool;
    this.front = front;
    this.acceptor = acceptor;
    this.room = room;
    this.placement = placement;
    this.shedding = shedding;
    this.closes = closes;
    this.totals = totals;
    this.interval = interval;
    this.limits = limits;
    this.nextIdleCheck = new long[front.threads.size()];
    this.emptyLooks = new int[pool.size()];
  }

  /** Only a serving worker cares for others. */
  void serving(boolean serves) {
    serving = serves;
  }

  @Override
  public void tick(XnioIoThread thread, int number, long now) {
    if (serving) {
      acceptor.tryAccept(thread);
      if (room.isNowhere(now)) {
        var idle = front.connections.idle(thread, now, IDLE_IN_THE_WAY);
        totals.evicted.add(acceptor.acceptInPlaceOf(thread, idle));
      }
    }
    if (number == 0) {
      starved = front.tasks.tendIsStarved();
      totals.publishTo(record);
      mendCount(now);
      int budget = 0;
      pool.sample(now);
      if (serving) {
        helpSiblings(thread, now);
        budget =
            shedding.tick(
                pool,
                front.goodbye.budget(),
                front.goodbye.leaving(),
                closes.count(now),
                interval,
                now);
      }
      front.goodbye.budget(budget);
    }
    if (now >= nextIdleCheck[number]) {
      nextIdleCheck[number] = now + IDLE_CHECK;
      front.connections.closeIdle(thread, now, limits.idleTimeout().toNanos());
      front.connections.closeSlow(thread, now, limits, starved);
    }
  }

  private void helpSiblings(XnioIoThread thread, long now) {
    for (int sibling = 0; sibling < pool.size(); sibling++) {
      if (sibling == own || !pool.abandoned(sibling, now)) {
        emptyLooks[sibling] = 0;
      } else if (emptyLooks[sibling]++ < FREQUENT_LOOKS
          || emptyLooks[sibling] % FREQUENT_LOOKS == 0) {
        if (placement.takeFrom(sibling, thread) > 0) {
          emptyLooks[sibling] = 0;
        }
      }
    }
  }

  /**
   * A giver that dies between raising our count and sending the connection leaves it too high for
   * ever; one that stays wrong by the same number for a while is set right.
   */
  private void mendCount(long now) {
    int wrongBy = record.connections() - front.connections.clients();
    if (wrongBy != drift || wrongBy == 0) {
      drift = wrongBy;
      driftSince = now;
    } else if (now - driftSince > MENDED_AFTER) {
      record.addConnections(-wrongBy);
      drift = 0;
    }
  }
}
