package dev.tidepool.master;

import dev.tidepool.conf.PoisonSettings;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Peer;
import dev.tidepool.control.RequestTemplate;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.Posix;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervision loop. One thread owns all state of the workers; signals, exits, messages and
 * operators only queue events for it.
 */
final class Supervisor {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE_AFTER_FAILURE = Duration.ofMillis(100).toNanos();
  private static final long LATE = Duration.ofSeconds(1).toNanos();

  private final BlockingQueue<MasterEvent> events = new LinkedBlockingQueue<>();
  private final LongSupplier clock;
  private final Scoreboard scoreboard;
  private final Incidents incidents;
  private final Suspects suspects = new Suspects();
  private final Pool pool;
  private final Reloads reloads;
  private final SessionQuestions sessionQuestions;
  private final Health health;
  private final Recycling recycling;
  private final Sizing sizing;
  private final YoungWatch youngWatch;
  private final StateFile stateFile;
  private final Zombies zombies;
  private final Notice notice = new Notice();
  private boolean stopping;
  private boolean stoppingFast;
  private @Nullable String startFailure;

  Supervisor(
      LongSupplier clock,
      Posix posix,
      Scoreboard scoreboard,
      ProcessSource processes,
      WorkerLauncher launcher,
      Incidents incidents,
      GenerationSource source,
      StateFile stateFile) {
    this.clock = clock;
    this.scoreboard = scoreboard;
    this.incidents = incidents;
    this.pool = new Pool(posix, scoreboard, launcher, this::enqueue);
    this.reloads = new Reloads(pool, source, this::enqueue, clock);
    this.health = new Health(pool, scoreboard, processes, incidents, clock, this::enqueue);
    this.recycling = new Recycling(pool, scoreboard, processes::ownMemory);
    this.sizing =
        new Sizing(
            pool,
            new Busyness(pool, scoreboard, processes::ioNanos),
            processes::ownMemory,
            generation -> AcceptQueue.waiting(posix, generation.sockets()));
    this.youngWatch = new YoungWatch(pool, processes::vitals);
    this.sessionQuestions = new SessionQuestions(pool);
    this.stateFile = stateFile;
    this.zombies = new Zombies(posix);
  }

  void enqueue(MasterEvent event) {
    events.add(event);
  }

  /** The next event if there is one. */
  @Nullable MasterEvent poll() {
    return events.poll();
  }

  /**
   * Runs until all workers have gone after a stop. Answers why the first generation failed, or
   * null.
   */
  @Nullable String run() throws InterruptedException {
    long wakeAt = clock.getAsLong();
    while (survives(events.poll(wakeAt - clock.getAsLong(), TimeUnit.NANOSECONDS), wakeAt)) {
      wakeAt = Math.min(nextDeadline(), clock.getAsLong() + LONGEST_WAIT);
    }
    return startFailure;
  }

  /** A mistake of ours in one pass must not end the service of all workers. */
  private boolean survives(@Nullable MasterEvent event, long plannedWake)
      throws InterruptedException {
    try {
      return tick(event, plannedWake);
    } catch (RuntimeException e) {
      log.error("a pass of the supervisor failed, please report this; going on", e);
      TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAILURE);
      return true;
    }
  }

  /** One pass. Returns false once stopping and every worker has gone. */
  boolean tick(@Nullable MasterEvent event, long plannedWake) {
    long now = clock.getAsLong();
    if (now - plannedWake > LATE) {
      log.warn("master was stopped or starved for {} ms", (now - plannedWake) / 1_000_000);
      pool.postponeDeadlines(now - plannedWake);
      health.pardon();
    }
    if (event != null) {
      event.deliverTo(this);
    }
    notice.advance(now);
    pool.escalateOverdue(now);
    sessionQuestions.giveUpOverdue(now);
    if (!stopping) {
      health.check(reloads.current(), now);
      reloads.advance(now);
      sizing.advance(reloads, now);
      youngWatch.advance(now);
      recycling.advance(reloads, now);
      pool.fill(now, reloads);
    }
    pool.giveWay(now);
    if (zombies.expected()) {
      zombies.reap(pool.pids());
    }
    stateFile.write(pool, reloads.current());
    return !(stopping && pool.isEmpty());
  }

  private long nextDeadline() {
    long ofPool = Math.min(pool.nextDeadline(clock.getAsLong()), reloads.nextDeadline());
    long ofOthers = Math.min(sessionQuestions.nextDeadline(), healthDue());
    return Math.min(notice.due(), Math.min(ofPool, ofOthers));
  }

  private long healthDue() {
    return stopping ? Long.MAX_VALUE : health.nextDeadline(reloads.current(), clock.getAsLong());
  }

  Pool pool() {
    return pool;
  }

  Reloads reloads() {
    return reloads;
  }

  Sizing sizing() {
    return sizing;
  }

  Recycling recycling() {
    return recycling;
  }

  SessionQuestions sessionQuestions() {
    return sessionQuestions;
  }

  Notice notice() {
    return notice;
  }

  boolean stopping() {
    return stopping;
  }

  /** Whether load balancers should send requests here. */
  AdminPages.Readiness readiness() {
    if (stopping || notice.given() || pool.suspended()) {
      return AdminPages.Readiness.LEAVING;
    }
    return pool.all().stream().anyMatch(w -> w.is(WorkerState.SERVING))
        ? AdminPages.Readiness.READY
        : AdminPages.Readiness.NOBODY_SERVES;
  }

  // ---- what workers say and do ----

  void hello(Peer peer, WorkerMessage.Hello hello) {
    Worker worker = pool.byPid(peer.credentials().pid());
    if (worker == null || worker.process().startTicks() != hello.startTicks()) {
      peer.send(new MasterMessage.Drain("this master did not start pid " + hello.pid()));
      return;
    }
    worker.connected(peer);
    pool.welcome(worker);
    long now = clock.getAsLong();
    suspects.blocked(now).forEach((template, until) -> refuse(worker, template, until - now));
    if (hello.record() >= 0) {
      log.info("{} is back on its channel, {}", worker.identity(), hello.state());
      caughtUp(worker, hello.state());
      worker.repeatOrders(hello.state());
    }
  }

  /** A worker that dials again may have moved on while nobody listened. */
  private void caughtUp(Worker worker, WorkerState itsState) {
    long now = clock.getAsLong();
    for (WorkerEvent event :
        new WorkerEvent[] {WorkerEvent.APP_STARTED, WorkerEvent.WARMED, WorkerEvent.SERVES}) {
      if (worker.state().compareTo(itsState) < 0) {
        worker.on(event, "said when it dialled again", now);
      }
    }
  }

  void appStarted(Worker worker, WorkerMessage.AppStarted message) {
    worker.on(
        WorkerEvent.APP_STARTED,
        "app started in " + message.startMillis() + " ms",
        clock.getAsLong());
  }

  void warmed(Worker worker, WorkerMessage.Warmed message) {
    String how = message.requests() + " requests in " + message.warmMillis() + " ms";
    worker.on(WorkerEvent.WARMED, how, clock.getAsLong());
    pool.ready(worker, clock.getAsLong());
  }

  void serving(Worker worker) {
    worker.on(WorkerEvent.SERVES, "accepts", clock.getAsLong());
    pool.scoreboardSlot(worker);
  }

  void failed(Worker worker, WorkerMessage.Failed message) {
    log.error("{} cannot serve: {}: {}", worker.identity(), message.phase(), message.reason());
    worker.failed(message.phase() + ": " + message.reason());
  }

  void drained(Worker worker, WorkerMessage.Drained message) {
    log.info(
        "{} drained: served {} requests, {} connections ended{}, {} cut",
        worker.identity(),
        message.served(),
        message.drainedConnections(),
        Receipt.longLived(message.longLived()),
        message.cutConnections());
    reloads.drained(worker, message);
    worker.drained(clock.getAsLong());
  }

  /** It runs no more; the kernel frees its memory first, and tells of its exit later. */
  void ending(Worker worker) {
    pool.ending(worker);
    if (!stopping) {
      pool.takeSpares(clock.getAsLong(), reloads); // clients wait
    }
  }

  void exited(Worker worker, WorkerExit exit) {
    long now = clock.getAsLong();
    boolean served = worker.accepts() || worker.isReplaced();
    boolean accountedFor = stopping || reloads.brings(worker) || recycling.brings(worker);
    boolean unexpected = pool.exited(worker, exit, now, accountedFor);
    if (!stopping) {
      pool.takeSpares(now, reloads); // before anything that takes its time: clients wait
    }
    if (served && (unexpected || worker.isReplaced())) {
      died(worker, exit, now);
    }
    recycling.exited(worker, exit, now);
    reloads.exited(worker, exit, now);
    sessionQuestions.exited(worker);
  }

  /** Keeps what is known of its end, and of the requests that it worked on. */
  private void died(Worker worker, WorkerExit exit, long now) {
    if (!worker.isReplaced()) { // else there is a report already
      incidents.died(worker, "died: " + exit);
    }
    PoisonSettings settings = worker.generation().settings().poison();
    List<Set<String>> others =
        pool.all().stream().filter(Worker::accepts).map(this::working).toList();
    for (String template : suspects.died(working(worker), others, settings, now)) {
      pool.all().forEach(w -> refuse(w, template, settings.block().toNanos()));
    }
  }

  private Set<String> working(Worker worker) {
    return scoreboard.record(worker.record()).requests().inFlight().stream()
        .map(entry -> RequestTemplate.of(entry.request()))
        .collect(Collectors.toSet());
  }

  private static void refuse(Worker worker, String template, long nanos) {
    worker.send(new MasterMessage.Refuse(template, nanos));
  }

  /** Requests that workers died on, and in how many. */
  Map<String, Integer> poisons() {
    Generation current = reloads.current();
    return current == null
        ? Map.of()
        : suspects.named(current.settings().poison(), clock.getAsLong());
  }

  // ---- what operators want ----

  /**
   * Drains all workers and ends. {@code fast} does not wait for requests; again is faster still.
   */
  void stop(boolean fast, String by) {
    long now = clock.getAsLong();
    notice.withdraw();
    if (stoppingFast) {
      log.warn("{} again: killing what is left", by);
      pool.all().forEach(w -> w.kill(by, now));
      return;
    }
    log.info("{}: {}", by, fast ? "stopping fast" : "stopping gracefully");
    reloads.abort("the master stops");
    stopping = true;
    stoppingFast = fast;
    pool.leave(fast, "the master stops", now);
  }

  void startFailed(String reason) {
    startFailure = reason;
    stop(true, "start failed");
  }
}
