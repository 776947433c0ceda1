package dev.tidepool.master;

import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.control.WorkerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings generations into service, one at a time: prepare, roll out, verdict. What is asked for
 * meanwhile waits, and several requests that wait become one reload.
 */
final class Reloads {
  private static final Logger log = LoggerFactory.getLogger(Reloads.class);

  private final Pool pool;
  private final GenerationSource source;
  private final Consumer<MasterEvent> queue;
  private final LongSupplier clock;

  /** Generations that served, the newest last; the current one may be older after a rollback. */
  private final Deque<Generation> history = new ArrayDeque<>();

  private int lastNumber;
  private int sizeBefore;
  private boolean started;
  private boolean preparing;
  private @Nullable Generation current;
  private @Nullable Rollout rollout;
  private @Nullable Receipt receipt;
  private @Nullable String rollbackReason;
  private @Nullable Generation onProbation;
  private long probationEnds;
  private @Nullable String fallback;
  private @Nullable Integer scaleWanted;
  private List<Consumer<Verdict>> waiting = new ArrayList<>();
  private List<Consumer<Verdict>> queued = new ArrayList<>();
  private boolean again;

  Reloads(Pool pool, GenerationSource source, Consumer<MasterEvent> queue, LongSupplier clock) {
    this.pool = pool;
    this.source = source;
    this.queue = queue;
    this.clock = clock;
  }

  /** The generation in service, or null before the first. */
  @Nullable Generation current() {
    return current;
  }

  /** The generation on its way into service, or null. */
  @Nullable Rollout rollout() {
    return rollout;
  }

  boolean underWay() {
    return preparing || rollout != null;
  }

  /** True while the workers of a new generation come up: not the time to start spares. */
  boolean starting() {
    return rollout != null && rollout.starting();
  }

  /** True if a rollout, and not the pool, is to give this slot its worker. */
  boolean brings(Slot slot) {
    return rollout != null && rollout.brings(slot);
  }

  /** True for a worker that a rollout started and that does not serve yet. */
  boolean brings(Worker worker) {
    return rollout != null && rollout.incoming().containsValue(worker);
  }

  /** Asks for a reload; {@code whenDone} gets the verdict. */
  void request(String by, Consumer<Verdict> whenDone) {
    if (underWay()) {
      log.info("{}: reload queued behind the one under way", by);
      queued.add(whenDone);
      again = true;
      return;
    }
    log.info("{}: reloading", by);
    waiting.add(whenDone);
    prepare();
  }

  private void prepare() {
    int number = lastNumber + 1;
    Generation running = current;
    prepare("", () -> source.prepare(number, running), this::begin);
  }

  /** Makes a generation, which takes its time. */
  private interface Preparation {
    Generation make() throws StartFailure;
  }

  /** {@code context} goes before the reason if it fails. */
  private void prepare(String context, Preparation preparation, Consumer<Generation> then) {
    preparing = true;
    Thread thread =
        new Thread(
            () -> {
              try {
                Generation made = preparation.make();
                queue.accept(s -> prepared(made, then));
              } catch (StartFailure e) {
                queue.accept(s -> refused(context + e.getMessage()));
              } catch (RuntimeException | Error e) {
                log.error("preparing a generation failed", e);
                queue.accept(s -> refused(context + e));
              }
            },
            "prepare");
    thread.setDaemon(true);
    thread.start();
  }

  /** Brings the first generation up; it was prepared before there was a loop. */
  void start(Generation first) {
    begin(first);
  }

  private void prepared(Generation made, Consumer<Generation> then) {
    if (preparing) { // else the master is stopping
      preparing = false;
      then.accept(made);
    }
  }

  private void begin(Generation made) {
    long now = clock.getAsLong();
    lastNumber = made.number();
    WorkerSettings workers = made.settings().workers();
    boolean countChanged =
        current == null
            || current.settings().workers().count() != workers.count()
            || (current.settings().workers().dynamic() && !workers.dynamic())
            || pool.suspended();
    int count = countChanged ? workers.count() : workers.within(pool.slots().size());
    receipt = new Receipt(now, pool.served());
    rollbackReason = null;
    sizeBefore = pool.slots().size();
    rollout = new Rollout(pool, made, current, count, false, now);
    pool.prepareMailboxes(made);
  }

  private void refused(String reason) {
    preparing = false;
    retain();
    String between = reason.contains("\n") ? "\n" : "; "; // all problems of a configuration
    String rest = pool.suspended() ? " stays" : " serves on";
    finish(new Verdict(false, reason + between + current + rest));
  }

  /** Moves the rollout on as far as it can go now. */
  void advance(long now) {
    Rollout running = rollout;
    if (running == null) {
      if (again && !preparing) {
        next();
      }
      judge(now);
      return;
    }
    if (again) {
      running.endWatch();
    }
    running.advance(now);
    if (running.failure() != null) {
      failed(running, running.failure(), now);
    } else if (running.switched() && !running.target().equals(current)) {
      inService(running.target());
    }
    if (running == rollout && running.done(now)) {
      succeeded(running, now);
    }
  }

  private void next() {
    again = false;
    waiting = queued;
    queued = new ArrayList<>();
    log.info("reloading, as asked for during the last reload");
    prepare();
  }

  private void inService(Generation generation) {
    pool.resume();
    current = generation;
    history.remove(generation);
    history.addLast(generation);
    source.inService(generation);
  }

  private void succeeded(Rollout done, long now) {
    rollout = null;
    while (history.size() > done.target().settings().reload().keepGenerations()) {
      history.removeFirst();
    }
    retain();
    if (rollbackReason == null) {
      fallback = null;
      onProbation = done.target();
      probationEnds = now + done.target().settings().reload().probation().toNanos();
    }
    String text =
        receipt == null
            ? done.target() + " serves"
            : receipt.text(done.target(), done.fresh(), now, pool.served()) + figures(done);
    String reason = rollbackReason;
    finish(
        reason == null
            ? new Verdict(true, text)
            : new Verdict(false, "rolled back: " + reason + "; " + done.target() + " serves"));
  }

  private void failed(Rollout failed, String reason, long now) {
    Generation previous = failed.previous();
    rollout = null;
    if (previous == null) {
      finish(new Verdict(false, reason));
      queue.accept(s -> s.startFailed(reason));
      return;
    }
    if (rollbackReason != null) {
      log.error("{} cannot come back either: {}; keeping what serves", failed.target(), reason);
      pool.slots().forEach(s -> s.belongsTo(failed.target()));
      inService(failed.target());
      finish(new Verdict(false, rollbackReason + "; and going back failed: " + reason));
      return;
    }
    if (!failed.switchedAny()) {
      failed.withdraw(reason, now);
      pool.resize(sizeBefore, previous, now);
      retain();
      finish(new Verdict(false, reason + "; " + previous + " serves on" + figures(failed)));
      return;
    }
    log.error("{} failed in service: {}; going back to {}", failed.target(), reason, previous);
    rollbackReason = reason + figures(failed);
    history.remove(failed.target());
    failed.withdraw(reason, now);
    Rollout back = failed.back(sizeBefore, now);
    rollout = back;
    back.advance(now);
  }

  // ---- after the verdict ----

  /**
   * A generation on probation that keeps dying makes room for the last one that did not. Only one
   * that a reload brought is judged, and once: nothing goes back and forth between two bad ones.
   */
  private void judge(long now) {
    Generation judged = onProbation;
    if (judged == null || underWay()) {
      return;
    }
    String figures = pool.earlyDeaths().loop(judged);
    if (figures == null && now - probationEnds < 0) {
      return;
    }
    onProbation = null;
    if (figures == null || pool.suspended()) {
      return;
    }
    String reason = judged + " keeps dying: " + figures;
    Generation good = lastGood(judged);
    if (good == null) {
      log.error("{}; no earlier generation is left to fall back to", reason);
      return;
    }
    log.error("{}; falling back to {}", reason, good);
    history.remove(judged);
    prepare(
        reason + "; and " + good + " cannot come back: ",
        () -> source.reopen(good),
        reopened -> comeBack(reopened, judged, reason));
  }

  private @Nullable Generation lastGood(Generation judged) {
    Generation good = null;
    for (Generation kept : history) {
      if (!kept.equals(judged) && pool.earlyDeaths().loop(kept) == null) {
        good = kept;
      }
    }
    return good;
  }

  private void comeBack(Generation good, Generation judged, String reason) {
    long now = clock.getAsLong();
    receipt = new Receipt(now, pool.served());
    rollbackReason = reason;
    fallback = reason + "; fell back to " + good;
    sizeBefore = pool.slots().size();
    rollout = new Rollout(pool, good, judged, sizeBefore, /* goingBack= */ true, now);
    pool.prepareMailboxes(good);
  }

  /** Why the generation in service is not the one of the last reload, or null if it is. */
  @Nullable String fallback() {
    return fallback;
  }

  private static String figures(Rollout rollout) {
    return rollout.canary() == null ? "" : "; " + rollout.canary();
  }

  private void finish(Verdict verdict) {
    String what = started ? "reload" : "start";
    started = true;
    if (verdict.done()) {
      log.info("{} done: {}", what, verdict.text());
    } else {
      log.error("{} failed: {}", what, verdict.text());
    }
    List<Consumer<Verdict>> told = waiting;
    waiting = new ArrayList<>();
    told.forEach(w -> w.accept(verdict));
    if (scaleWanted != null && current != null && !again) {
      pool.resize(current.settings().workers().within(scaleWanted), current, clock.getAsLong());
      scaleWanted = null;
    }
  }

  /** Lets go of the sockets that nobody serves, and of the copies that are not kept either. */
  private void retain() {
    Set<Generation> serving = new LinkedHashSet<>();
    pool.all().forEach(w -> serving.add(w.generation()));
    if (current != null) {
      serving.add(current);
    }
    Set<Generation> kept = new LinkedHashSet<>(history);
    kept.addAll(serving);
    source.retain(serving, kept);
  }

  // ---- what happens meanwhile ----

  void exited(Worker worker, WorkerExit exit, long now) {
    if (rollout != null) {
      rollout.exited(worker, exit, now);
    }
  }

  void drained(Worker worker, WorkerMessage.Drained message) {
    if (receipt != null && rollout != null && rollout.retires(worker)) {
      receipt.drained(message);
    }
  }

  /** Resizes the pool, after the reload if one is under way. Answers what is going to happen. */
  String scale(int count, long now) {
    if (current == null || underWay()) {
      scaleWanted = count;
      return "scaling to " + count + " after the reload under way";
    }
    int before = pool.suspended() ? 0 : pool.slots().size();
    pool.resume();
    pool.resize(count, current, now);
    return "scaling from " + before + " to " + count + " workers";
  }

  /** Size that the pool has or is going to have. */
  int wantedSize() {
    return scaleWanted != null ? scaleWanted : pool.slots().size();
  }

  /** Gives up a reload under way: everybody who waits is told why. */
  void abort(String reason) {
    boolean running = underWay();
    preparing = false;
    rollout = null;
    again = false;
    waiting.addAll(queued);
    queued = new ArrayList<>();
    if (running) {
      finish(new Verdict(false, "given up: " + reason));
    }
  }

  long nextDeadline() {
    return rollout == null ? Long.MAX_VALUE : rollout.nextDeadline();
  }
}
