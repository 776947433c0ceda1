package dev.tidepool.master;

import static dev.tidepool.control.WorkerState.DRAINING;
import static dev.tidepool.control.WorkerState.GONE;
import static dev.tidepool.control.WorkerState.SERVING;
import static dev.tidepool.control.WorkerState.STANDBY;
import static dev.tidepool.control.WorkerState.STARTING;
import static dev.tidepool.control.WorkerState.STOPPING;
import static dev.tidepool.control.WorkerState.WARMING;

import dev.tidepool.control.WorkerState;

/** All transitions of a worker. Races (a message that crosses a command) return a state. */
final class Lifecycle {
  private Lifecycle() {}

  static WorkerState next(WorkerState state, WorkerEvent event) {
    return switch (event) {
      case APP_STARTED -> state == STARTING ? WARMING : state;
      case WARMED -> state == WARMING ? STANDBY : state;
      case SERVES -> state == STANDBY ? SERVING : state; // told to drain meanwhile: a race
      case DRAIN -> // a standby may just have been told to serve
          state == SERVING || state == STANDBY || state == DRAINING ? DRAINING : stopped(state);
      case STOP, OVERDUE -> stopped(state);
      case EXITED -> GONE;
    };
  }

  private static WorkerState stopped(WorkerState state) {
    return state == GONE ? GONE : STOPPING;
  }
}
