package dev.tidepool.worker;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.control.LogLines;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import dev.tidepool.session.SessionAdmin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a worker process. One thread, that of {@link #run}, owns it: what the master says,
 * how the app's start went, and the steps of the drain are events on its queue.
 */
final class Worker implements MasterMessage.Handler {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration FIRST_GRACE = Duration.ofSeconds(10);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final int NO_RECORD = -1;
  private static final int DRAIN_STEP_MILLIS = 10;

  private final Posix posix;
  private final long startTicks;
  private final MasterLink link;
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final List<Integer> arrivedFds = new ArrayList<>();
  private volatile WorkerIdentity identity;
  private volatile WorkerState state = WorkerState.STARTING;
  private volatile int record = NO_RECORD;
  private volatile @Nullable Service service;
  private List<Entrance> entrances = List.of();
  private @Nullable WorkerSessions sessions;
  private @Nullable Scoreboard scoreboard;
  private @Nullable Settings settings;
  private @Nullable Apps apps;
  private boolean accepting;
  private @Nullable Drain drain;
  private @Nullable WorkerExit exit;

  Worker(Posix posix, Path socket) {
    this.posix = posix;
    int pid = posix.pid();
    identity = new WorkerIdentity(WorkerIdentity.SPARE, pid, 0);
    startTicks = posix.stat(pid).orElseThrow().startTicks();
    link =
        new MasterLink(
            posix,
            socket,
            this::hello,
            (message, fds) -> events.add(() -> deliver(message, fds)),
            FIRST_GRACE,
            () -> events.add(this::masterLost));
  }

  /** For the prefix of log lines. Any thread. */
  String identity() {
    return identity.toString();
  }

  private WorkerMessage.Hello hello() {
    Service serving = service;
    WorkerIdentity self = identity;
    return new WorkerMessage.Hello(
        self.pid(),
        startTicks,
        record,
        self.slot(),
        self.generation(),
        state,
        serving == null ? List.of() : serving.addresses());
  }

  /** Lives until told to end, or until it cannot serve. */
  WorkerExit run() throws InterruptedException {
    link.start();
    while (exit == null) {
      Runnable event =
          drain == null ? events.take() : events.poll(DRAIN_STEP_MILLIS, TimeUnit.MILLISECONDS);
      if (event != null) {
        event.run();
      }
      if (drain != null && exit == null && drain.step(System.nanoTime())) {
        drained(drain);
      }
    }
    end();
    return exit;
  }

  private void deliver(MasterMessage message, List<Integer> fds) {
    arrivedFds.addAll(fds);
    message.deliverTo(this);
    arrivedFds.forEach(posix::close);
    arrivedFds.clear();
  }

  private void enter(WorkerState next) {
    state = next;
    if (scoreboard != null) {
      scoreboard.record(record).state(next);
    }
  }

  // ---- start ----

  @Override
  public void onWelcome(MasterMessage.Welcome message) {
    if (service != null) {
      log.info("welcomed again");
      return;
    }
    try {
      settings = SettingsLoader.fromJson(message.settings());
      scoreboard = Scoreboard.open(Path.of(message.scoreboard()));
      record = message.record();
      identity = new WorkerIdentity(message.slot(), identity.pid(), message.generation());
      LogLines.start(settings.log().level(), this::identity);
      LogLines.copyTo(scoreboard.record(record).logTail());
      QuietLibraries.apply();
      link.grace(settings.master().grace());
      enter(WorkerState.STARTING);
      showLife(scoreboard.record(record));
      var opened = Apps.open(message.apps(), settings);
      apps = opened;
      Thread.currentThread().setContextClassLoader(opened.classLoader());
      entrances = EntranceBuilder.build(settings.listen(), Path.of(message.certificates()));
      var built = new Service(settings, scoreboard, record, posix, () -> identity);
      service = built;
      var shared = new WorkerSessions(settings, posix, () -> identity.slot());
      sessions = shared;
      var progress = new StartUpEvents();
      new StartUp(settings, opened, built, shared, identity, progress).start();
    } catch (AppFailure e) {
      failed(e);
    } catch (Exception e) {
      failed(new AppFailure("start", Causes.describe(e), e));
    }
  }

  /** By this thread, which lives as long as the process. */
  private void showLife(WorkerRecord own) {
    try {
      posix.hold(own.life());
    } catch (PosixException e) {
      log.debug("others will see the end of this worker some ms late", e);
    }
  }

  /** What the thread that starts the app tells; each becomes an event. */
  private final class StartUpEvents implements StartUp.Progress {
    @Override
    public void appStarted(int millis) {
      events.add(
          () -> {
            if (state == WorkerState.STARTING) {
              enter(WorkerState.WARMING);
              link.send(new WorkerMessage.AppStarted(millis));
            }
          });
    }

    @Override
    public void warmed(int millis, int requests) {
      events.add(
          () -> {
            if (state == WorkerState.WARMING) {
              enter(WorkerState.STANDBY);
              link.send(new WorkerMessage.Warmed(millis, requests));
            }
          });
    }

    @Override
    public void failed(AppFailure failure) {
      events.add(() -> Worker.this.failed(failure));
    }
  }

  private void failed(AppFailure failure) {
    log.error("cannot serve ({}): {}", failure.phase, failure.getMessage(), failure.getCause());
    link.send(new WorkerMessage.Failed(failure.phase, Objects.toString(failure.getMessage())));
    exit = WorkerExit.CANNOT_SERVE;
  }

  // ---- service ----

  @Override
  public void onListen(MasterMessage.Listen message) {
    Service known = service;
    if (known == null || arrivedFds.size() != 1) {
      log.warn("listen {} with {} descriptors, expected 1", message.address(), arrivedFds.size());
      return;
    }
    afterwards(
        known.listen(message.address(), entrances.get(message.listener()), arrivedFds.remove(0)),
        failure -> {
          if (failure != null) {
            log.error("cannot accept on {}", message.address(), failure);
          }
        });
  }

  @Override
  public void onMailbox(MasterMessage.Mailbox message) {
    Service known = service;
    if (known == null || arrivedFds.size() != 2) {
      log.warn("mailbox {} with {} descriptors, expected 2", message.record(), arrivedFds.size());
      return;
    }
    known.mailbox(message.record(), arrivedFds.remove(0), arrivedFds.remove(0));
  }

  @Override
  public void onServe(MasterMessage.Serve message) {
    Service known = service;
    if (known == null || (state != WorkerState.STANDBY && state != WorkerState.SERVING)) {
      log.warn("told to serve as slot {} while {}", message.slot(), state);
      return;
    }
    identity = new WorkerIdentity(message.slot(), identity.pid(), identity.generation());
    accepting = true;
    afterwards(known.accept(), failure -> accepts(message.slot(), failure));
  }

  /** Makes an event of the end of something that I/O threads do. */
  private void afterwards(CompletableFuture<Void> done, Consumer<@Nullable Throwable> event) {
    CompletableFuture<Void> unused =
        done.whenComplete((nothing, failure) -> events.add(() -> event.accept(failure)));
  }

  private void accepts(int slot, @Nullable Throwable failure) {
    Service known = Objects.requireNonNull(service);
    if (failure != null) {
      failed(new AppFailure("start", "cannot accept: " + Causes.describe(failure), failure));
    } else if (state == WorkerState.STANDBY || state == WorkerState.SERVING) {
      if (state == WorkerState.STANDBY) {
        enter(WorkerState.SERVING);
        known.serving();
        log.debug("serving");
      }
      link.send(new WorkerMessage.Serving(slot));
    }
  }

  @Override
  public void onSiblingGone(MasterMessage.SiblingGone message) {
    Service known = service;
    if (known != null && state == WorkerState.SERVING && message.record() != record) {
      known.siblingGone(message.record());
    }
  }

  @Override
  public void onAskSessions(MasterMessage.AskSessions message) {
    SessionAdmin admin = sessions == null ? null : sessions.admin();
    if (admin == null || settings == null) {
      link.send(new WorkerMessage.SessionsAnswer(message.number(), 1, "the worker is starting"));
    } else {
      List<String> names = settings.apps().stream().map(AppSettings::name).toList();
      new SessionAnswers(admin, names).answer(message, link::send);
    }
  }

  @Override
  public void onRefuse(MasterMessage.Refuse message) {
    Service known = service;
    if (known != null) {
      known.front.refusals.add(message.template(), System.nanoTime() + message.nanos());
    }
  }

  @Override
  public void onReopenLogs(MasterMessage.ReopenLogs message) {
    if (arrivedFds.size() == 1) {
      posix.redirectOutput(arrivedFds.remove(0));
    }
    Service known = service;
    if (known != null) {
      known.reopenLogs();
    }
  }

  // ---- end ----

  @Override
  public void onDrain(MasterMessage.Drain message) {
    beginDrain(message.reason());
  }

  private void masterLost() {
    beginDrain("no master within master.grace");
  }

  private void beginDrain(String reason) {
    if (drain != null || exit != null) {
      return;
    }
    log.info("draining: {}", reason);
    if (accepting) {
      drain = Objects.requireNonNull(service).drain();
      enter(WorkerState.DRAINING);
    } else {
      enter(WorkerState.DRAINING);
      link.send(new WorkerMessage.Drained(0, 0, 0, 0));
      exit = WorkerExit.DONE;
    }
  }

  private void drained(Drain over) {
    enter(WorkerState.STOPPING); // siblings read our mailbox from now on
    Service known = Objects.requireNonNull(service);
    long served = known.totals.served.sum();
    link.send(
        new WorkerMessage.Drained(
            served, over.drainedConnections(), over.cutConnections(), known.departures.ended()));
    if (over.cutConnections() > 0) {
      known.stop();
    }
    exit = WorkerExit.DONE;
  }

  @Override
  public void onStop(MasterMessage.Stop message) {
    log.debug("stopping: {}", message.reason());
    enter(WorkerState.STOPPING);
    if (service != null) {
      service.stop();
    }
    exit = WorkerExit.DONE;
  }

  private void end() throws InterruptedException {
    link.flush(LAST_WORDS);
    if (apps != null && settings != null) {
      // Leaves some of the time for the exit itself, before the master sends TERM.
      apps.stop(settings.workers().stopTimeout().toMillis() * 4 / 5);
    }
    link.close();
  }
}
