package dev.tidepool.control;

import java.util.List;

/** What a worker tells its master. */
public sealed interface WorkerMessage extends Message {
  void deliverTo(Handler handler);

  /**
   * First message of every connection, also when the worker dials again. {@code startTicks} is
   * field 22 of /proc/PID/stat, {@code record} its scoreboard record, {@code descriptors} the
   * listening addresses it holds.
   */
  record Hello(
      int pid,
      long startTicks,
      int record,
      int slot,
      int generation,
      WorkerState state,
      List<String> descriptors)
      implements WorkerMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onHello(this);
    }
  }

  /** The app is loaded and started; warm-up begins. */
  record AppStarted(int startMillis) implements WorkerMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onAppStarted(this);
    }
  }

  /** Warm-up is over: ready to serve. */
  record Warmed(int warmMillis, int requests) implements WorkerMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onWarmed(this);
    }
  }

  /**
   * Cannot serve; the worker ends by itself after this. {@code phase} says at what: "load",
   * "start", "warm-up".
   */
  record Failed(String phase, String reason) implements WorkerMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onFailed(this);
    }
  }

  /** Accepts on every listening socket it was handed. */
  record Serving(int slot) implements WorkerMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onServing(this);
    }
  }

  /**
   * Last word of a drained worker: requests served in its life, connections that ended in the
   * drain, those cut at the deadline, and how many long-lived ones the app was told to end.
   */
  record Drained(long served, int drainedConnections, int cutConnections, int longLived)
      implements WorkerMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onDrained(this);
    }
  }

  /**
   * Answer to {@link MasterMessage.AskSessions} of this number: the exit code of the operator's
   * command, and JSON if that is 0, else the reason.
   */
  record SessionsAnswer(int number, int exitCode, String text) implements WorkerMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onSessionsAnswer(this);
    }
  }

  /** Takes each kind of message. */
  interface Handler {
    void onHello(Hello message);

    void onAppStarted(AppStarted message);

    void onWarmed(Warmed message);

    void onFailed(Failed message);

    void onServing(Serving message);

    void onDrained(Drained message);

    void onSessionsAnswer(SessionsAnswer message);
  }
}
