package dev.tidepool.worker;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.SessionSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Posix.ProcessStat;
import dev.tidepool.session.SessionAdmin;
import dev.tidepool.session.SharedSessions;
import dev.tidepool.session.StoreException;
import dev.tidepool.session.StoreSettings;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP sessions of one worker: in the store that it shares with all workers of the pool. */
final class WorkerSessions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerSessions.class);

  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Settings settings;
  private final Posix posix;
  private final IntSupplier slot;
  private final List<SessionsOfApp> apps = new CopyOnWriteArrayList<>();
  private volatile @Nullable SharedSessions shared;
  private volatile boolean closed;
  private @Nullable Thread ticker;

  /**
   * Opens nothing yet.
   *
   * @param slot the worker's place at the time of the call, for messages
   */
  WorkerSessions(Settings settings, Posix posix, IntSupplier slot) {
    this.settings = settings;
    this.posix = posix;
    this.slot = slot;
  }

  /**
   * Opens the store, or makes it if this is the first worker.
   *
   * @throws AppFailure if it cannot be used: without sessions the worker cannot serve
   */
  void open() throws AppFailure {
    try {
      shared = SharedSessions.open(storeSettings(), slot);
    } catch (StoreException e) {
      log.debug("the store cannot be opened", e);
      throw new AppFailure("sessions", Objects.toString(e.getMessage()));
    }
  }

  private StoreSettings storeSettings() {
    SessionSettings sessions = settings.sessions();
    return new StoreSettings(
        sessions.directory(settings.runDir(), posix.userId()),
        settings.runDir().toString(),
        masterIdentity(),
        sessions.capacity(),
        sessions.averageBytes(),
        sessions.maximumBytes(),
        sessions.persist(),
        switch (sessions.whenFull()) {
          case REFUSE -> StoreSettings.WhenFull.REFUSE;
          case EVICT_OLDEST -> StoreSettings.WhenFull.EVICT_OLDEST;
        },
        sessions.storeTimeout());
  }

  /** A pool lives as long as its master; a later one of the same pid started at another time. */
  private String masterIdentity() {
    int master = posix.stat(posix.pid()).map(ProcessStat::parentPid).orElse(0);
    return master + "@" + posix.stat(master).map(ProcessStat::startTicks).orElse(0L);
  }

  /** The sessions of an app; {@link #open} comes first. */
  SessionsOfApp of(AppSettings app) {
    var made =
        new SessionsOfApp(
            app, settings.sessions(), Objects.requireNonNull(shared, "open() comes first"));
    apps.add(made);
    return made;
  }

  /**
   * All apps have started: sessions whose time is over end from now on. On a thread of its own: a
   * task pool whose threads are all blocked must not stop expiry.
   */
  void startTicking() {
    SharedSessions opened = Objects.requireNonNull(shared, "open() comes first");
    var thread = new Thread(() -> tick(opened), "sessions");
    thread.setDaemon(true);
    thread.start();
    ticker = thread;
  }

  private void tick(SharedSessions opened) {
    while (!closed) {
      try {
        opened.tick();
      } catch (RuntimeException e) {
        log.error("looking for sessions whose time is over failed, going on", e);
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
  }

  /** Throws away what the warm-up made. */
  void warmUpOver() {
    apps.forEach(SessionsOfApp::warmUpOver);
  }

  /** Null before {@link #open}. */
  @Nullable SessionAdmin admin() {
    SharedSessions opened = shared;
    return opened == null ? null : opened.admin();
  }

  /** Lets go of the store, whose sessions stay. No request may be running. */
  @Override
  public void close() {
    closed = true;
    try {
      if (ticker != null) {
        LockSupport.unpark(ticker);
        ticker.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    warmUpOver();
    if (shared != null) {
      shared.close();
    }
  }
}
