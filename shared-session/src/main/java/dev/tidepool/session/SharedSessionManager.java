package dev.tidepool.session;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.SecureRandomSessionIdGenerator;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionIdGenerator;
import io.undertow.server.session.SessionListener;
import io.undertow.server.session.SessionListener.SessionDestroyedReason;
import io.undertow.server.session.SessionListeners;
import io.undertow.server.session.SessionManager;
import io.undertow.server.session.SessionManagerStatistics;
import io.undertow.util.AttachmentKey;
import io.undertow.util.StatusCodes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one app for Undertow, plain handlers and servlets alike; made by {@link
 * SharedSessions#manager}. A request has one {@link SharedSession} from its first look to its end;
 * what it changed is written as the response is committed, before the client can know.
 *
 * <p>An id that a client sent is used only if a session has it, of this app or of another one of
 * the pool: apps may share a cookie. Stopping a manager ends no session: the next generation goes
 * on with them.
 */
public final class SharedSessionManager implements SessionManager {
  private static final Logger log = LoggerFactory.getLogger(SharedSessionManager.class);
  private static final int ID_ATTEMPTS = 10;

  /** What a request holds does not end under it, nor much later if its worker dies. */
  static final long LEASE_MILLIS = TimeUnit.SECONDS.toMillis(10);

  private final ManagerSettings settings;
  private final ChronicleSessionStore store;
  private final ExpirySweep sweep;
  private final AttributeCodecs codecs;
  private final SessionIdGenerator ids = new SecureRandomSessionIdGenerator();
  private final SessionListeners listeners = new SessionListeners();
  private final AttachmentKey<SharedSession> attached = AttachmentKey.create(SharedSession.class);
  private final Set<SharedSession> inUse = ConcurrentHashMap.newKeySet();
  private final Map<String, Map<String, Object>> local = new ConcurrentHashMap<>();
  private final Set<String> undecodable = ConcurrentHashMap.newKeySet();
  private final ExpirySweep.Ended expired = this::expired;
  private final SharedSessionStatistics statistics;
  private final BiPredicate<SharedSessionManager, String> isOfAnotherApp;
  private volatile int timeoutSeconds;

  SharedSessionManager(
      ManagerSettings settings,
      ChronicleSessionStore store,
      ExpirySweep sweep,
      AttributeCodecs codecs,
      BiPredicate<SharedSessionManager, String> isOfAnotherApp) {
    this.settings = settings;
    this.store = store;
    this.sweep = sweep;
    this.codecs = codecs;
    this.isOfAnotherApp = isOfAnotherApp;
    this.timeoutSeconds = settings.timeoutSeconds();
    this.statistics = new SharedSessionStatistics(store);
  }

  @Override
  public String getDeploymentName() {
    return settings.app();
  }

  /** From now on this process can end sessions of the app. */
  @Override
  public void start() {
    sweep.register(settings.app(), expired);
  }

  /** Ends no session. */
  @Override
  public void stop() {
    sweep.unregister(settings.app(), expired);
  }

  @Override
  public Session createSession(HttpServerExchange exchange, SessionConfig config) {
    SharedSession current = exchange.getAttachment(attached);
    if (current != null && !current.isInvalid()) {
      throw new IllegalStateException("the request has a session already");
    }
    String given = config.findSessionId(exchange);
    SharedSession session = null;
    if (given != null && SessionKey.isValidId(given)) {
      boolean fromClient =
          config.sessionCookieSource(exchange) != SessionConfig.SessionCookieSource.NONE;
      if (!fromClient || isOfAnotherApp.test(this, given)) {
        session = createWithId(given, exchange, config);
      }
      if (session == null && !fromClient) {
        throw new IllegalStateException("a session with the given id exists already");
      }
    }
    if (session == null) {
      session = createWithNewId(exchange, config);
    }
    RequestLockHandler.alsoHold(exchange, key(session.getId()));
    config.setSessionId(exchange, session.getId());
    bind(session, exchange);
    statistics.created();
    listeners.sessionCreated(session, exchange);
    return session;
  }

  private SharedSession createWithNewId(HttpServerExchange exchange, SessionConfig config) {
    for (int i = 0; i < ID_ATTEMPTS; i++) {
      SharedSession session = createWithId(ids.createSessionId(), exchange, config);
      if (session != null) {
        return session;
      }
    }
    throw new IllegalStateException("no free session id in " + ID_ATTEMPTS + " attempts");
  }

  private @Nullable SharedSession createWithId(
      String id, HttpServerExchange exchange, SessionConfig config) {
    long now = System.currentTimeMillis();
    SessionRecord made = new SessionRecord(now, timeoutSeconds);
    made.usedAt(now);
    made.deadlineMillis = Math.max(made.deadlineMillis, now + LEASE_MILLIS);
    byte[] value = made.encode();
    byte[] stored;
    try {
      stored = store.update(key(id), current -> current == null ? value : current);
      if (stored != value && sweep.end(key(id), now)) { // what nobody can find is not in the way
        stored = store.update(key(id), current -> current == null ? value : current);
      }
    } catch (StoreFullException e) {
      log.error("app {} gets no new session: {}", settings.app(), e.getMessage());
      refuse(exchange);
      throw e;
    }
    return stored == value ? new SharedSession(this, id, made, config, now) : null;
  }

  @Override
  public @Nullable Session getSession(@Nullable HttpServerExchange exchange, SessionConfig config) {
    if (exchange != null) {
      SharedSession current = exchange.getAttachment(attached);
      if (current != null) {
        return current.isInvalid() ? null : current;
      }
    }
    String id = config.findSessionId(exchange);
    if (id == null) {
      return null;
    }
    if (exchange == null) {
      return getSession(id);
    }
    long now = System.currentTimeMillis();
    SessionRecord found = find(id, now);
    if (found == null) {
      return null;
    }
    SharedSession session = new SharedSession(this, id, found, config, now);
    if (found.deadlineMillis < now + LEASE_MILLIS) {
      session.extendLease(now);
    }
    bind(session, exchange);
    return session;
  }

  /** A session outside of any request; its changes are written at once. */
  @Override
  public @Nullable Session getSession(String id) {
    SessionRecord found = find(id, System.currentTimeMillis());
    return found == null ? null : new SharedSession(this, id, found, null, 0);
  }

  boolean has(String id) {
    return find(id, System.currentTimeMillis()) != null;
  }

  private @Nullable SessionRecord find(@Nullable String id, long now) {
    if (id == null || !SessionKey.isValidId(id)) {
      return null;
    }
    byte[] value = store.get(key(id));
    if (value == null || StoredValue.deadlineMillis(value) <= now || StoredValue.isEnding(value)) {
      return null;
    }
    return SessionRecord.decode(value);
  }

  private void bind(SharedSession session, HttpServerExchange exchange) {
    exchange.putAttachment(attached, session);
    if (exchange.isComplete()) { // Undertow looks so late for requests that did not, as for /hello
      session.finish();
      return;
    }
    inUse.add(session);
    if (exchange.isResponseChannelAvailable()) {
      exchange.addResponseCommitListener(session::commit);
    }
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          try {
            session.finish();
          } finally {
            inUse.remove(session);
            next.proceed();
          }
        });
  }

  /** Requests that run on and on keep their sessions. Called about once a second. */
  void extendLeases(long nowMillis) {
    for (SharedSession session : inUse) {
      session.extendLease(nowMillis);
    }
    local.keySet().removeIf(id -> find(id, nowMillis) == null);
  }

  /** The answer becomes 503, whatever becomes of the exception on its way. */
  static void refuse(HttpServerExchange exchange) {
    if (!exchange.isResponseStarted()) {
      exchange.addResponseCommitListener(e -> e.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE));
    }
  }

  private void expired(StoredEntry entry) {
    end(entry, SessionDestroyedReason.TIMEOUT);
  }

  /** Tells the app's listeners of a session that nobody can find any more. */
  void end(StoredEntry entry, SessionDestroyedReason reason) {
    SessionRecord record = SessionRecord.decode(entry.value());
    SharedSession session = SharedSession.ending(this, SessionKey.id(entry.key()), record);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(settings.loader());
    try {
      listeners.sessionDestroyed(session, null, reason);
    } finally {
      thread.setContextClassLoader(before);
      ended(session.getId(), record);
    }
  }

  void ended(String id, SessionRecord record) {
    local.remove(id);
    statistics.ended(System.currentTimeMillis() - record.createdMillis);
  }

  /** Counts an attribute that cannot be decoded, and logs the first of its kind. */
  void undecodable(String name, UndecodableException cause) {
    store.memory().getAndAdd(StoreLayout.UNDECODABLE_AT, 1);
    if (undecodable.size() < 1000 && undecodable.add(cause.getMessage() + name)) {
      log.error(
          "app {}: session attribute {} cannot be decoded ({}): {}",
          settings.app(),
          name,
          settings.whenUndecodable(),
          cause.getMessage());
    }
  }

  /** What no codec takes and Undertow put there itself stays in this process. */
  Map<String, Object> local(String id) {
    return local.computeIfAbsent(id, unused -> new ConcurrentHashMap<>());
  }

  @Nullable Map<String, Object> existingLocal(String id) {
    return local.get(id);
  }

  void moveLocal(String from, String to) {
    Map<String, Object> moved = local.remove(from);
    if (moved != null) {
      local.put(to, moved);
    }
  }

  byte[] key(String id) {
    return SessionKey.of(settings.app(), id);
  }

  ManagerSettings settings() {
    return settings;
  }

  ChronicleSessionStore store() {
    return store;
  }

  AttributeCodecs codecs() {
    return codecs;
  }

  SessionListeners listeners() {
    return listeners;
  }

  String newId() {
    return ids.createSessionId();
  }

  @Override
  public void registerSessionListener(SessionListener listener) {
    listeners.addSessionListener(listener);
  }

  @Override
  public void removeSessionListener(SessionListener listener) {
    listeners.removeSessionListener(listener);
  }

  @Override
  public void setDefaultSessionTimeout(int seconds) {
    timeoutSeconds = seconds;
  }

  /** Empty: all sessions outlive this process. */
  @Override
  public Set<String> getTransientSessions() {
    return Set.of();
  }

  @Override
  public Set<String> getActiveSessions() {
    return getAllSessions();
  }

  /** The ids of all sessions of the app in the pool. Reads the whole store. */
  @Override
  public Set<String> getAllSessions() {
    Set<String> found = new HashSet<>();
    for (int segment = 0; segment < store.layout().segments(); segment++) {
      SegmentGuard guard = store.enter(segment);
      try {
        store
            .map()
            .visit(
                segment,
                entry -> {
                  byte[] key = entry.key();
                  if (SessionKey.app(key).equals(settings.app())) {
                    found.add(SessionKey.id(key));
                  }
                  return true;
                });
      } finally {
        guard.exit();
      }
    }
    return found;
  }

  /** Of all apps and workers of the pool. */
  @Override
  public SessionManagerStatistics getStatistics() {
    return statistics;
  }

  @Override
  public boolean isDistributed() {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SharedSessionManager manager
        && manager.settings.app().equals(settings.app())
        && manager.store == store;
  }

  @Override
  public int hashCode() {
    return settings.app().hashCode();
  }
}
