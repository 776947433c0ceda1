package dev.tidepool.master;

import dev.tidepool.conf.IsolationSettings;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Peer;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.PosixException;
import dev.tidepool.posix.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker process as its master sees it; touched by the supervisor's thread only. */
final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** What it is told if it does not do what it should by its deadline. */
  private enum Escalation {
    NONE,
    TERM,
    KILL
  }

  private final Generation generation;
  private final WorkerProcess process;
  private final int record;
  private final YoungSize young;
  private final long startedAt;
  private int slot;
  private WorkerState state = WorkerState.STARTING;
  private @Nullable Peer peer;
  private @Nullable String failure;
  private @Nullable String leaving;
  private int nice;
  private int compilersNice;
  private boolean toldToServe;
  private boolean replaced;
  private boolean ending;
  private boolean everSilent;
  private long lastSilent;
  private long servingSince;
  private long deadline;
  private Escalation escalation = Escalation.NONE;

  /**
   * {@code slot} is {@link WorkerIdentity#SPARE} for a spare. The deadline to be ready runs at
   * once.
   */
  Worker(
      Generation generation,
      WorkerProcess process,
      int record,
      int slot,
      YoungSize young,
      long now) {
    this.generation = generation;
    this.process = process;
    this.record = record;
    this.slot = slot;
    this.young = young;
    this.startedAt = now;
    this.deadline = now + generation.settings().workers().startTimeout().toNanos();
  }

  WorkerIdentity identity() {
    return new WorkerIdentity(slot, process.pid(), generation.number());
  }

  Generation generation() {
    return generation;
  }

  WorkerProcess process() {
    return process;
  }

  int record() {
    return record;
  }

  /** Its young generation. */
  YoungSize young() {
    return young;
  }

  int slot() {
    return slot;
  }

  WorkerState state() {
    return state;
  }

  long startedAt() {
    return startedAt;
  }

  /** Why it cannot serve, in its own words. */
  @Nullable String failure() {
    return failure;
  }

  /** Why it was told to leave, or null if it was not. */
  @Nullable String leaving() {
    return leaving;
  }

  boolean is(WorkerState wanted) {
    return state == wanted;
  }

  long servedNanos(long now) {
    return servingSince == 0 ? 0 : now - servingSince;
  }

  /** True once it was told to accept, whether it does so yet or not. */
  boolean toldToServe() {
    return toldToServe;
  }

  /** Also before the master hears that it does: by then it may have died of its first request. */
  boolean accepts() {
    return state == WorkerState.SERVING || (state == WorkerState.STANDBY && toldToServe);
  }

  void connected(Peer newPeer) {
    peer = newPeer;
  }

  void disconnected(Peer lost) {
    if (peer == lost) {
      peer = null;
    }
  }

  /** The connection it said HELLO on, or null before that and while it dials again. */
  @Nullable Peer peer() {
    return peer;
  }

  void send(MasterMessage message, int... fds) {
    if (peer != null) {
      peer.send(message, fds);
    }
  }

  void on(WorkerEvent event, String reason, long now) {
    WorkerState before = state;
    state = Lifecycle.next(state, event);
    if (state == before) {
      return;
    }
    if (state == WorkerState.STANDBY || state == WorkerState.SERVING) {
      deadline = Long.MAX_VALUE; // ready: no deadline until it is told to leave
    }
    if (state == WorkerState.SERVING) {
      servingSince = now;
    }
    log.info("{} {} → {}: {}", identity(), before, state, reason);
  }

  void failed(String why) {
    failure = why;
  }

  /** Puts it into a slot and has it accept there. */
  void serve(int newSlot, long now) {
    slot = newSlot;
    toldToServe = true;
    deadline = now + generation.settings().workers().stopTimeout().toNanos();
    if (generation.settings().workers().isolation().oneCoreEach()) {
      bindToCore();
    }
    send(new MasterMessage.Serve(newSlot));
  }

  /**
   * Leaves the processors to others, itself or its compilers, or no longer. Not before it has
   * dialled: nice(1), which it is started by, adds to what it finds.
   */
  void giveWay(boolean itself, boolean compilers) {
    IsolationSettings settings = generation.settings().workers().isolation();
    int wanted = settings.nice() + (itself ? settings.startNice() : 0);
    int wantedOfCompilers = wanted + (compilers ? settings.compileNice() : 0);
    if (peer == null || (wanted == nice && wantedOfCompilers == compilersNice)) {
      return;
    }
    nice = wanted; // what is refused once is not asked for in each pass
    compilersNice = wantedOfCompilers;
    try {
      process.nice(wanted, wantedOfCompilers);
    } catch (PosixException e) {
      log.warn("{} keeps its priority: {}", identity(), e.getMessage());
    }
  }

  private void bindToCore() {
    try {
      process.bindToCoreOf(slot);
    } catch (PosixException e) {
      log.warn("{} serves without a core of its own: {}", identity(), e.getMessage());
    }
  }

  /** Lets it finish what it has; one that never served is stopped at once. */
  void drain(String reason, long now) {
    if (!toldToServe) {
      stop(reason, now);
      return;
    }
    leaving = reason;
    on(WorkerEvent.DRAIN, reason, now);
    Duration limit = generation.settings().drain().timeout();
    deadline = now + limit.plus(stopTimeout()).toNanos();
    send(new MasterMessage.Drain(reason));
  }

  /** Said its last word: only the end of the process is to come. */
  void drained(long now) {
    on(WorkerEvent.STOP, "drained", now);
    deadline = now + stopTimeout().toNanos();
  }

  void stop(String reason, long now) {
    leaving = reason;
    on(WorkerEvent.STOP, reason, now);
    deadline = now + stopTimeout().toNanos();
    if (peer == null) {
      deadline = now; // it cannot be told: TERM is next
    }
    send(new MasterMessage.Stop(reason));
  }

  /** Ends it without asking. */
  void kill(String reason, long now) {
    leaving = reason;
    on(WorkerEvent.OVERDUE, reason, now);
    escalation = Escalation.TERM;
    deadline = now;
    escalate(now);
  }

  /** Its I/O threads gave no sign of life when it was looked at. */
  void silentAt(long now) {
    lastSilent = now;
    everSilent = true;
  }

  /** Whether it was silent then or later. */
  boolean wasSilent(long since) {
    return everSilent && lastSilent - since >= 0;
  }

  /** Will be told to drain. */
  void leaves(String reason) {
    leaving = reason;
  }

  /** Another takes its place while it gives no sign of life. */
  void replaced() {
    replaced = true;
  }

  boolean isReplaced() {
    return replaced;
  }

  /** Its process has begun to end: no code of it runs any more, but it has not been reaped yet. */
  void ending() {
    ending = true;
  }

  boolean isEnding() {
    return ending;
  }

  /** Another was ready first for the slot that it was started for. */
  void becomeSpare() {
    slot = WorkerIdentity.SPARE;
  }

  /** Will be killed once its evidence is kept, or after a while if that fails. */
  void condemn(String reason, long now) {
    leaving = reason;
    on(WorkerEvent.OVERDUE, reason, now);
    escalation = Escalation.TERM;
    deadline = now + stopTimeout().toNanos();
  }

  void evidenceKept(long now) {
    if (state == WorkerState.STOPPING) {
      deadline = now;
      escalate(now);
    }
  }

  /** Says again, on a new connection, what it may have missed while it had none. */
  void repeatOrders(WorkerState itsState) {
    if (state == WorkerState.DRAINING && itsState != WorkerState.DRAINING) {
      send(new MasterMessage.Drain(String.valueOf(leaving)));
    } else if (state == WorkerState.STOPPING) {
      send(new MasterMessage.Stop(String.valueOf(leaving)));
    } else if (state == WorkerState.STANDBY && toldToServe) {
      send(new MasterMessage.Serve(slot));
    }
  }

  /** When something must happen if nothing else does. */
  long deadline() {
    return deadline;
  }

  /** The loop itself was late: nobody else is to blame for that time. */
  void postpone(long nanos) {
    if (deadline != Long.MAX_VALUE) {
      deadline += nanos;
    }
  }

  /** Past its deadline: TERM, then KILL. A worker that never got ready is killed at once. */
  void escalate(long now) {
    if (deadline - now > 0 || deadline == Long.MAX_VALUE) {
      return;
    }
    boolean neverReady = state == WorkerState.STARTING || state == WorkerState.WARMING;
    if (neverReady) {
      failure =
          "not ready after "
              + generation.settings().workers().startTimeout().toMillis()
              + " ms (workers.start-timeout) while "
              + state;
      leaving = failure;
    }
    String was = state.toString();
    on(WorkerEvent.OVERDUE, "overdue", now);
    escalation = escalation == Escalation.NONE && !neverReady ? Escalation.TERM : Escalation.KILL;
    Signal signal = escalation == Escalation.TERM ? Signal.TERM : Signal.KILL;
    log.warn("{} overdue while {}, sending {}", identity(), was, signal);
    process.signal(signal);
    deadline = now + stopTimeout().toNanos();
  }

  private Duration stopTimeout() {
    return generation.settings().workers().stopTimeout();
  }
}
