package dev.tidepool.worker;

import dev.tidepool.app.WarmUp;
import dev.tidepool.conf.SessionSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Posix.ProcessStat;
import dev.tidepool.session.ManagerSettings;
import dev.tidepool.session.RequestLockSettings;
import dev.tidepool.session.SessionAdmin;
import dev.tidepool.session.SharedSessionManager;
import dev.tidepool.session.SharedSessions;
import dev.tidepool.session.StoreException;
import dev.tidepool.session.StoreSettings;
import io.undertow.server.HttpHandler;
import io.undertow.server.session.InMemorySessionManager;
import io.undertow.server.session.SessionAttachmentHandler;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionCookieConfig;
import io.undertow.server.session.SessionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP sessions of one worker: in the store that it shares with all workers of the pool. Those of
 * warm-up requests are kept apart, in memory, and thrown away.
 */
final class WorkerSessions implements AppSessions, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerSessions.class);

  /** Names the app in the store: where it is served. */
  static final String APP = "/";

  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Settings settings;
  private final Posix posix;
  private final IntSupplier slot;
  private final InMemorySessionManager warmUpSessions = new InMemorySessionManager("warm-up");
  private volatile @Nullable SharedSessions shared;
  private @Nullable SharedSessionManager manager;
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

  @Override
  public HttpHandler attach(HttpHandler handler, ClassLoader loader, List<String> ownClasses) {
    var cookie = new SessionCookieConfig();
    cookie.setCookieName(settings.sessions().cookie());
    cookie.setHttpOnly(true);
    cookie.setPath("/");
    SessionManager all = manager(loader, ownClasses);
    return locked(new SessionAttachmentHandler(handler, all, cookie), cookie);
  }

  @Override
  public SessionManager manager(ClassLoader loader, List<String> ownClasses) {
    SharedSessions opened = Objects.requireNonNull(shared, "open() comes first");
    SharedSessionManager made = opened.manager(managerSettings(loader, ownClasses));
    made.start();
    warmUpSessions.start();
    startTicking(opened);
    manager = made;
    return new SplitSessionManager(made, warmUpSessions);
  }

  @Override
  public HttpHandler locked(HttpHandler container, SessionConfig config) {
    return switch (settings.sessions().lock()) {
      case NONE -> container;
      case PER_REQUEST -> {
        HttpHandler clients =
            Objects.requireNonNull(shared)
                .locked(container, Objects.requireNonNull(manager), config, lockSettings());
        yield exchange -> (WarmUp.isWarmUp(exchange) ? container : clients).handleRequest(exchange);
      }
    };
  }

  private ManagerSettings managerSettings(ClassLoader loader, List<String> ownClasses) {
    var allowed = new ArrayList<String>(ownClasses);
    allowed.addAll(settings.sessions().allowedClasses());
    return new ManagerSettings(
        APP,
        loader,
        (int) Math.min(Integer.MAX_VALUE, settings.sessions().timeout().toSeconds()),
        allowed,
        switch (settings.sessions().whenUndecodable()) {
          case DROP_ATTRIBUTE -> ManagerSettings.WhenUndecodable.DROP_ATTRIBUTE;
          case DROP_SESSION -> ManagerSettings.WhenUndecodable.DROP_SESSION;
          case FAIL -> ManagerSettings.WhenUndecodable.FAIL;
        });
  }

  private RequestLockSettings lockSettings() {
    return new RequestLockSettings(
        settings.sessions().lockTimeout(), settings.sessions().lockWaiters());
  }

  /** On a thread of its own: a task pool whose threads are all blocked must not stop expiry. */
  private void startTicking(SharedSessions opened) {
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
    warmUpSessions.stop();
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
    warmUpSessions.stop();
    if (shared != null) {
      shared.close();
    }
  }
}
