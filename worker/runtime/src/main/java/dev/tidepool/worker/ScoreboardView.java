package dev.tidepool.worker;

import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerState;
import java.time.Duration;

/** The pool as the scoreboard shows it. */
final class ScoreboardView implements PoolView {
  private final Scoreboard scoreboard;
  private final long staleNanos;

  ScoreboardView(Scoreboard scoreboard, Duration staleAfter) {
    this.scoreboard = scoreboard;
    this.staleNanos = staleAfter.toNanos();
  }

  @Override
  public int size() {
    return scoreboard.size();
  }

  @Override
  public boolean freshlyServing(int record, long now) {
    return state(record) == WorkerState.SERVING && !stale(record, now);
  }

  @Override
  public int connections(int record) {
    return scoreboard.record(record).connections();
  }

  WorkerState state(int record) {
    return scoreboard.record(record).state();
  }

  /** True if the worker of this record reads its mailbox no more, or is stuck: others may. */
  boolean abandoned(int record, long now) {
    return switch (state(record)) {
      case STOPPING, GONE -> true;
      case SERVING, DRAINING -> stale(record, now);
      case STARTING, WARMING, STANDBY -> false;
    };
  }

  private boolean stale(int record, long now) {
    return now - scoreboard.record(record).heartbeatNanos() > staleNanos;
  }
}
