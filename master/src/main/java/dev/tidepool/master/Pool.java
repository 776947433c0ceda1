package dev.tidepool.master;

import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slots, the spares, and every worker process that lives. */
final class Pool {
  private static final Logger log = LoggerFactory.getLogger(Pool.class);

  private final Scoreboard scoreboard;
  private final WorkerLauncher launcher;
  private final Consumer<MasterEvent> queue;
  private final Mailboxes mailboxes;
  private final Map<Integer, Worker> workers = new LinkedHashMap<>();
  private final List<Slot> slots = new ArrayList<>();
  private final RestartBackoff spareBackoff = new RestartBackoff();
  private final EarlyDeaths earlyDeaths = new EarlyDeaths();
  private final YoungSizing youngSizing = new YoungSizing();
  private long servedByGone;
  private boolean suspended;

  Pool(Posix posix, Scoreboard scoreboard, WorkerLauncher launcher, Consumer<MasterEvent> queue) {
    this.scoreboard = scoreboard;
    this.launcher = launcher;
    this.queue = queue;
    this.mailboxes = new Mailboxes(posix, scoreboard.size());
  }

  // ---- who is here ----

  Collection<Worker> all() {
    return List.copyOf(workers.values());
  }

  List<Slot> slots() {
    return slots;
  }

  @Nullable Worker byPid(int pid) {
    return workers.get(pid);
  }

  Set<Integer> pids() {
    return Set.copyOf(workers.keySet());
  }

  WorkerRecord record(Worker worker) {
    return scoreboard.record(worker.record());
  }

  boolean isEmpty() {
    return workers.isEmpty();
  }

  /** True after a drain of all workers, until a reload or scale. */
  boolean suspended() {
    return suspended;
  }

  void resume() {
    suspended = false;
  }

  /** "slot", "spare" or "leaving". A worker that is to take a slot counts as in it. */
  static String role(Worker worker) {
    boolean spare = worker.slot() == WorkerIdentity.SPARE;
    boolean leaves =
        worker.leaving() != null || worker.isReplaced() || (worker.isEnding() && !spare);
    return leaves ? "leaving" : spare ? "spare" : "slot";
  }

  List<Worker> spares() {
    return workers.values().stream().filter(w -> role(w).equals("spare")).toList();
  }

  @Nullable Worker warmSpare(Generation generation) {
    return spares().stream()
        .filter(w -> w.is(WorkerState.STANDBY) && !w.isEnding())
        .filter(w -> w.generation().equals(generation))
        .findFirst()
        .orElse(null);
  }

  EarlyDeaths earlyDeaths() {
    return earlyDeaths;
  }

  YoungSizing youngSizing() {
    return youngSizing;
  }

  /** Requests served by all workers there ever were. */
  long served() {
    return servedByGone
        + workers.values().stream().mapToLong(w -> scoreboard.record(w.record()).served()).sum();
  }

  // ---- size ----

  /** Adds empty slots, or drains the workers of the highest. */
  void resize(int count, @Nullable Generation generation, long now) {
    while (slots.size() < count) {
      slots.add(new Slot(slots.size(), generation));
    }
    while (slots.size() > count) {
      Worker worker = slots.remove(slots.size() - 1).worker();
      if (worker != null) {
        worker.drain("pool scaled to " + count, now);
      }
    }
  }

  /** Has everyone leave, and starts nobody until {@link #resume}. */
  void leave(boolean fast, String reason, long now) {
    suspended = true;
    slots.forEach(s -> s.take(null));
    for (Worker worker : all()) {
      if (fast) {
        worker.stop(reason, now);
      } else if (worker.leaving() == null) {
        worker.drain(reason, now);
      }
    }
  }

  /**
   * Opens as many mailboxes as a reload at this size needs, so that their number stays the same.
   */
  void prepareMailboxes(Generation generation) {
    int spares = generation.settings().workers().spares();
    mailboxes.open(2 * (slots.size() + spares), all());
  }

  // ---- start and end of workers ----

  /**
   * Starts a worker for a slot, or a spare. A process that cannot be started is answered with null.
   */
  @Nullable Worker spawn(Generation generation, int slot, long now) {
    int record = mailboxes.take(all());
    try {
      scoreboard.reserve(record);
      YoungSize young = youngSizing.next(generation.settings(), generation.number());
      WorkerProcess process = launcher.launch(generation.settings(), young);
      Worker worker = new Worker(generation, process, record, slot, young, now);
      scoreboard
          .record(record)
          .assign(process.pid(), process.startTicks(), slot, generation.number());
      workers.put(process.pid(), worker);
      process.onEnding(scoreboard.record(record), () -> queue.accept(s -> s.ending(worker)));
      process.onExit(exit -> queue.accept(s -> s.exited(worker, exit)));
      log.info("{} started", worker.identity());
      return worker;
    } catch (IOException e) {
      mailboxes.free(record);
      log.error("worker for {} could not be started: {}", generation, e.getMessage());
      return null;
    }
  }

  /** Tells a worker who it is and hands it all sockets. */
  void welcome(Worker worker) {
    Generation generation = worker.generation();
    worker.send(
        new MasterMessage.Welcome(
            worker.record(),
            worker.slot(),
            generation.number(),
            generation.settingsJson(),
            generation.apps().stream().map(app -> app.file().toString()).toList(),
            generation.certificates().toString(),
            scoreboard.path().toString()));
    List<ListeningSockets.Opened> sockets = generation.sockets();
    for (int i = 0; i < sockets.size(); i++) {
      worker.send(new MasterMessage.Listen(sockets.get(i).bound(), i), sockets.get(i).fd());
    }
    mailboxes.tellAll(worker);
  }

  /** A worker is warm: the one of a slot serves; one of a rollout waits for the others. */
  void ready(Worker worker, long now) {
    if (worker.is(WorkerState.STANDBY) && slots.stream().anyMatch(s -> s.worker() == worker)) {
      worker.serve(worker.slot(), now);
    }
  }

  void scoreboardSlot(Worker worker) {
    scoreboard.record(worker.record()).slot(worker.slot());
  }

  /** It will not serve what was sent to it. */
  void ending(Worker worker) {
    worker.ending();
    tellSiblingsOf(worker);
  }

  private void tellSiblingsOf(Worker gone) {
    for (Worker sibling : workers.values()) {
      if (sibling != gone) {
        sibling.send(new MasterMessage.SiblingGone(gone.record()));
      }
    }
  }

  /**
   * {@code accountedFor}: someone else answers for this end, so it delays no restart. True if the
   * worker was not told to end.
   */
  boolean exited(Worker worker, WorkerExit exit, long now, boolean accountedFor) {
    workers.remove(worker.process().pid());
    var record = scoreboard.record(worker.record());
    servedByGone += record.served();
    record.state(WorkerState.GONE);
    mailboxes.free(worker.record());
    tellSiblingsOf(worker);
    WorkerState was = worker.state();
    Slot slot = slots.stream().filter(s -> s.worker() == worker).findFirst().orElse(null);
    boolean expected = worker.leaving() != null && worker.failure() == null && slot == null;
    worker.on(WorkerEvent.EXITED, exit.toString(), now);
    if (slot != null) {
      slot.take(null);
    }
    if (!expected && !accountedFor) {
      died(worker, was, exit, backoffOf(worker, slot), now);
    }
    return !expected;
  }

  /** That of its slot also if a spare took that while it ended. */
  private RestartBackoff backoffOf(Worker worker, @Nullable Slot slot) {
    if (slot != null) {
      return slot.backoff();
    }
    boolean hadSlot = worker.isEnding() && worker.slot() >= 0 && worker.slot() < slots.size();
    return hadSlot ? slots.get(worker.slot()).backoff() : spareBackoff;
  }

  private void died(
      Worker worker, WorkerState was, WorkerExit exit, RestartBackoff backoff, long now) {
    earlyDeaths.add(worker, slots.size(), now);
    Duration delay =
        backoff.died(now, worker.servedNanos(now), worker.generation().settings().workers());
    log.error(
        "{} died while {}: {}{}; death {} in a row, next start in {} ms{}",
        worker.identity(),
        was,
        exit,
        worker.failure() == null ? "" : " (" + worker.failure() + ")",
        backoff.deaths(),
        delay.toMillis(),
        IncidentReport.requests(scoreboard.record(worker.record())));
  }

  // ---- keeping it whole ----

  /** Takes a worker's place away from it; {@code itsFault} counts as a death of the place. */
  void replace(Worker worker, boolean itsFault, long now) {
    worker.replaced();
    for (Slot slot : slots) {
      if (slot.worker() == worker) {
        slot.take(null);
        if (itsFault) {
          earlyDeaths.add(worker, slots.size(), now);
          WorkerSettings settings = worker.generation().settings().workers();
          slot.backoff().died(now, worker.servedNanos(now), settings);
        }
      }
    }
  }

  /**
   * Gives slots that wait a warm spare each, as far as there are any: at once, for what a back-off
   * delays is the start of a process.
   */
  void takeSpares(long now, Reloads reloads) {
    for (Slot slot : slotsOf(reloads)) {
      Worker spare = waits(slot.worker()) ? warmSpare(generationOf(slot)) : null;
      if (spare != null) {
        take(slot, spare, now);
      }
    }
  }

  private void take(Slot slot, Worker spare, long now) {
    Worker before = slot.worker();
    slot.take(spare);
    spare.serve(slot.index(), now);
    String instead = "";
    if (before != null && before.isEnding()) {
      instead = " of pid=" + before.process().pid() + ", which runs no more";
    } else if (before != null) {
      instead = "; pid=" + before.process().pid() + ", which is not ready yet, will be a spare";
      before.becomeSpare();
      scoreboardSlot(before);
    }
    log.info("{}, the warm spare, takes the slot{}", spare.identity(), instead);
  }

  /** Nobody is in the slot, or one who ends, or one who is not ready to serve yet. */
  private static boolean waits(@Nullable Worker worker) {
    return worker == null
        || worker.isEnding()
        || worker.is(WorkerState.STARTING)
        || worker.is(WorkerState.WARMING);
  }

  /**
   * Gives every empty slot a worker: a warm spare at once, else a new one when its back-off allows.
   */
  void fill(long now, Reloads reloads) {
    Generation current = reloads.current();
    if (suspended || current == null) {
      return;
    }
    takeSpares(now, reloads);
    for (Slot slot : slotsOf(reloads)) {
      if (slot.worker() == null && slot.backoff().allows(now)) {
        slot.take(spawn(generationOf(slot), slot.index(), now));
        if (slot.worker() == null) {
          slot.backoff().died(now, 0, generationOf(slot).settings().workers());
        }
      }
    }
    if (!reloads.starting()) {
      fillSpares(current, now);
    }
  }

  /** Those that belong to a generation, unless a reload is about to fill them. */
  private List<Slot> slotsOf(Reloads reloads) {
    return suspended
        ? List.of()
        : slots.stream().filter(s -> s.generation() != null && !reloads.brings(s)).toList();
  }

  private static Generation generationOf(Slot slot) {
    return Objects.requireNonNull(slot.generation());
  }

  private void fillSpares(Generation current, long now) {
    int wanted = current.settings().workers().spares();
    List<Worker> spares = spares();
    List<Worker> fitting = spares.stream().filter(w -> w.generation().equals(current)).toList();
    spares.stream()
        .filter(w -> !w.generation().equals(current))
        .forEach(w -> w.stop("spare of an old generation", now));
    fitting.stream().skip(wanted).forEach(w -> w.stop("surplus spare", now));
    if (fitting.size() < wanted && !slotsWait() && startsAllowed(now)) {
      if (spawn(current, WorkerIdentity.SPARE, now) == null) {
        spareBackoff.died(now, 0, current.settings().workers());
      }
    }
  }

  /**
   * A spare that takes the places of the dying in a crash loop must not make it a faster one; the
   * exit of a worker that runs no more is still to be counted.
   */
  private boolean startsAllowed(long now) {
    return spareBackoff.allows(now)
        && slots.stream().allMatch(s -> s.backoff().allows(now))
        && workers.values().stream().noneMatch(w -> w.isEnding() && w.leaving() == null);
  }

  /** A place that is empty, or being taken: a new spare would only take its processors. */
  private boolean slotsWait() {
    return slots.stream()
        .map(Slot::worker)
        .anyMatch(worker -> worker == null || worker.is(WorkerState.STANDBY));
  }

  /**
   * Those that start while others serve give way to them, unless an empty slot waits for them: the
   * compilers of a new JVM would take their processors. So do those that have drained. And the
   * compilers of a new generation do while the old one still takes requests.
   */
  void giveWay(long now) {
    boolean anyServes = workers.values().stream().anyMatch(w -> w.is(WorkerState.SERVING));
    for (Worker worker : workers.values()) {
      boolean starts = worker.is(WorkerState.STARTING) || worker.is(WorkerState.WARMING);
      boolean awaited = slots.stream().anyMatch(s -> s.worker() == worker);
      boolean ends = worker.is(WorkerState.STOPPING);
      worker.giveWay(anyServes && (ends || (starts && !awaited)), sharesTheLoad(worker, now));
    }
  }

  /** Whether kept connections still move to it from the workers of another generation. */
  private boolean sharesTheLoad(Worker worker, long now) {
    return worker.is(WorkerState.SERVING)
        && worker.servedNanos(now)
            < worker.generation().settings().drain().effectiveRamp().toNanos()
        && workers.values().stream()
            .anyMatch(
                other ->
                    (other.is(WorkerState.SERVING) || other.is(WorkerState.DRAINING))
                        && !other.generation().equals(worker.generation()));
  }

  // ---- time ----

  void escalateOverdue(long now) {
    all().forEach(w -> w.escalate(now));
  }

  void postponeDeadlines(long nanos) {
    all().forEach(w -> w.postpone(nanos));
  }

  long nextDeadline(long now) {
    long next = Long.MAX_VALUE;
    for (Worker worker : workers.values()) {
      next = Math.min(next, worker.deadline());
    }
    for (Slot slot : slots) {
      if (!slot.backoff().allows(now)) {
        next = Math.min(next, slot.backoff().notBefore());
      }
    }
    if (!spareBackoff.allows(now)) {
      next = Math.min(next, spareBackoff.notBefore());
    }
    return next;
  }

  void close() {
    mailboxes.close();
  }
}
