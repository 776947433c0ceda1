package dev.tidepool.session;

import io.undertow.server.HttpHandler;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionListener.SessionDestroyedReason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * All that a worker needs for sessions: the store of its pool, a manager for each app, and a tick
 * about once a second that ends idle sessions.
 */
public final class SharedSessions implements AutoCloseable {
  private final ChronicleSessionStore store;
  private final ExpirySweep sweep;
  private final SessionAdmin admin;
  private final Map<String, SharedSessionManager> managers = new ConcurrentHashMap<>();

  private final RequestLockQueue locks;

  private SharedSessions(ChronicleSessionStore store, IntSupplier slot) {
    this.store = store;
    this.locks = new RequestLockQueue(new RequestLock(store, slot));
    this.sweep = new ExpirySweep(store);
    this.admin = new SessionAdmin(store);
    store.onEvicted(this::evicted);
  }

  /** As {@link ChronicleSessionStore#open}. */
  public static SharedSessions open(StoreSettings settings, IntSupplier slot) {
    return new SharedSessions(ChronicleSessionStore.open(settings, slot), slot);
  }

  /**
   * The manager of an app, not started.
   *
   * @throws IllegalArgumentException if the app has one already, or a pattern is none
   */
  public SharedSessionManager manager(ManagerSettings settings) {
    AllowList allowed = new AllowList(settings.allowedClasses());
    return manager(settings, AttributeCodecs.standard(settings.loader(), allowed));
  }

  /** As {@link #manager(ManagerSettings)}, with codecs of the caller's choice. */
  public SharedSessionManager manager(ManagerSettings settings, AttributeCodecs codecs) {
    SharedSessionManager manager =
        new SharedSessionManager(settings, store, sweep, codecs, this::isOfAnotherApp);
    if (managers.putIfAbsent(settings.app(), manager) != null) {
      throw new IllegalArgumentException(
          "app " + settings.app() + " has a session manager already");
    }
    return manager;
  }

  /**
   * Puts {@code next} behind the lock of the request's session ({@code sessions.lock =
   * per-request}). Belongs in front of all that asks the manager for a session.
   */
  public HttpHandler locked(
      HttpHandler next,
      SharedSessionManager manager,
      SessionConfig config,
      RequestLockSettings settings) {
    return new RequestLockHandler(next, manager, config, locks, settings);
  }

  /** Call about once a second, on no I/O thread. Takes milliseconds, however many sessions live. */
  public void tick() {
    long now = System.currentTimeMillis();
    managers.values().forEach(manager -> manager.extendLeases(now));
    sweep.tick(now);
  }

  public SessionStore store() {
    return store;
  }

  /** Counting, showing, dropping, verifying. */
  public SessionAdmin admin() {
    return admin;
  }

  /** Lets go of the store; sessions stay. No request may be running. */
  @Override
  public void close() {
    locks.close();
    sweep.resign();
    store.close();
  }

  private boolean isOfAnotherApp(SharedSessionManager asking, String id) {
    return managers.values().stream().anyMatch(app -> !app.equals(asking) && app.has(id));
  }

  private void evicted(byte[] key, byte[] value) {
    SharedSessionManager manager = managers.get(SessionKey.app(key));
    if (manager != null) {
      manager.end(new StoredEntry(key, value), SessionDestroyedReason.TIMEOUT);
    }
  }
}
