package dev.tidepool.worker;

import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.control.WorkerState;
import java.time.Duration;

/** The pool as the scoreboard shows it. */
final class ScoreboardView implements PoolView {
  private final Scoreboard scoreboard;
  private final int own;
  private final long staleNanos;
  private final RequestShares shares;
  private volatile int used;

  ScoreboardView(Scoreboard scoreboard, int ownRecord, Duration staleAfter) {
    this.scoreboard = scoreboard;
    this.own = ownRecord;
    this.staleNanos = staleAfter.toNanos();
    this.shares = new RequestShares(scoreboard.size());
    this.used = scoreboard.size();
  }

  /** Looks at all records again; once each heartbeat, on one thread. */
  void sample(long now) {
    int last = 0;
    for (int record = 0; record < scoreboard.size(); record++) {
      if (scoreboard.record(record).pid() != 0 || state(record) != WorkerState.GONE) {
        last = record;
      }
    }
    used = last + 1; // most records have never had a worker: not to be looked at for each accept
    shares.sample(last + 1, r -> freshlyServing(r, now), r -> scoreboard.record(r).served());
  }

  @Override
  public int size() {
    return used;
  }

  @Override
  public int heat(int record) {
    return shares.heat(record);
  }

  @Override
  public boolean freshlyServing(int record, long now) {
    return state(record) == WorkerState.SERVING && answers(record, now);
  }

  @Override
  public int connections(int record) {
    return scoreboard.record(record).connections();
  }

  @Override
  public boolean newer(int record) {
    return scoreboard.record(record).generation() > scoreboard.record(own).generation();
  }

  WorkerState state(int record) {
    return scoreboard.record(record).state();
  }

  /** True if the worker of this record reads its mailbox no more, or is stuck: others may. */
  boolean abandoned(int record, long now) {
    return switch (state(record)) {
      case STOPPING, GONE -> true;
      case SERVING, DRAINING -> !answers(record, now);
      case STARTING, WARMING, STANDBY -> false;
    };
  }

  private boolean answers(int record, long now) {
    WorkerRecord sibling = scoreboard.record(record);
    return now - sibling.heartbeatNanos() <= staleNanos && !sibling.isEnding();
  }
}
