package dev.tidepool.session;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionListener.SessionDestroyedReason;
import io.undertow.server.session.SessionManager;
import io.undertow.util.StatusCodes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session as one request sees it, or, without a request, as one caller does. Attributes are
 * decoded when they are read and written one by one: two workers that change different ones lose
 * nothing, of the same one the last stays. What can be changed in place is encoded again at the end
 * and written if its bytes differ.
 */
final class SharedSession implements Session {
  private static final Logger log = LoggerFactory.getLogger(SharedSession.class);
  private static final String UNDERTOW = "io.undertow";

  private enum State {
    LIVE,
    /** Nobody else finds it any more; listeners may still read it. */
    ENDING,
    GONE
  }

  private final SharedSessionManager manager;
  private final SessionRecord record;
  private final @Nullable SessionConfig config;

  /** Start of the request, or 0 without one. */
  private final long startedMillis;

  private final Map<String, Object> decoded = new HashMap<>();
  private final Set<String> set = new LinkedHashSet<>();
  private final Set<String> removed = new HashSet<>();
  private String id;
  private State state = State.LIVE;
  private boolean timeoutSet;
  private boolean flushed;
  private boolean finished;

  /** The last thread that used it before the request was over. */
  private @Nullable Thread requestThread;

  SharedSession(
      SharedSessionManager manager,
      String id,
      SessionRecord record,
      @Nullable SessionConfig config,
      long startedMillis) {
    this.manager = manager;
    this.id = id;
    this.record = record;
    this.config = config;
    this.startedMillis = startedMillis;
    this.finished = startedMillis == 0;
  }

  /** For listeners, of a session that has ended in the store. */
  static SharedSession ending(SharedSessionManager manager, String id, SessionRecord record) {
    SharedSession session = new SharedSession(manager, id, record, null, 0);
    session.state = State.ENDING;
    return session;
  }

  @Override
  public synchronized String getId() {
    return id;
  }

  @Override
  public SessionManager getSessionManager() {
    return manager;
  }

  @Override
  public synchronized long getCreationTime() {
    requireNotGone();
    return record.createdMillis;
  }

  /** When the request before this one began; the same all through a request. */
  @Override
  public synchronized long getLastAccessedTime() {
    requireNotGone();
    return record.accessedMillis;
  }

  @Override
  public synchronized void setMaxInactiveInterval(int seconds) {
    requireNotGone();
    record.timeoutSeconds = seconds;
    timeoutSet = true;
    writeThrough();
  }

  @Override
  public synchronized int getMaxInactiveInterval() {
    requireNotGone();
    return record.timeoutSeconds;
  }

  @Override
  public synchronized @Nullable Object getAttribute(String name) {
    requireNotGone();
    if (!finished) {
      requestThread = Thread.currentThread();
    }
    Object known = decoded.get(name);
    if (known != null || removed.contains(name)) {
      return known;
    }
    EncodedAttribute attribute = record.attributes.get(name);
    if (attribute == null) {
      Map<String, Object> local = manager.existingLocal(id);
      return local == null ? null : local.get(name);
    }
    try {
      Object value = manager.codecs().decode(attribute);
      decoded.put(name, value);
      return value;
    } catch (UndecodableException e) {
      return undecodable(name, e);
    }
  }

  private @Nullable Object undecodable(String name, UndecodableException cause) {
    manager.undecodable(name, cause);
    if (state == State.LIVE) {
      switch (manager.settings().whenUndecodable()) {
        case DROP_ATTRIBUTE -> {}
        case DROP_SESSION -> invalidate(null);
        case FAIL ->
            throw new IllegalStateException(
                "session attribute " + name + " cannot be decoded", cause);
      }
    }
    return null;
  }

  @Override
  public synchronized Set<String> getAttributeNames() {
    requireNotGone();
    Set<String> names = new HashSet<>(record.attributes.keySet());
    names.removeAll(removed);
    names.addAll(set);
    Map<String, Object> local = manager.existingLocal(id);
    if (local != null) {
      names.addAll(local.keySet());
    }
    return names;
  }

  @Override
  public @Nullable Object setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      return removeAttribute(name);
    }
    Object old;
    synchronized (this) {
      requireLive();
      old = getAttribute(name);
      requireLive(); // the look may have ended it
      EncodedAttribute encoded = encodeOrKeepLocal(name, value);
      if (encoded == null) {
        return manager.local(id).put(name, value);
      }
      requireRoom(name, encoded);
      decoded.put(name, value);
      removed.remove(name);
      set.add(name);
      writeThrough();
    }
    if (old == null) {
      manager.listeners().attributeAdded(this, name, value);
    } else {
      manager.listeners().attributeUpdated(this, name, value, old);
    }
    return old;
  }

  private @Nullable EncodedAttribute encodeOrKeepLocal(String name, Object value) {
    try {
      return manager.codecs().encode(name, value);
    } catch (IllegalArgumentException e) {
      if (name.startsWith(UNDERTOW)) {
        return null; // an authenticated connection, a WebSocket: of no use elsewhere
      }
      throw e;
    }
  }

  private void requireRoom(String name, EncodedAttribute encoded) {
    long bytes = encoded.bytes().length;
    for (Map.Entry<String, EncodedAttribute> other : record.attributes.entrySet()) {
      bytes += other.getKey().equals(name) ? 0 : other.getValue().bytes().length;
    }
    long most = manager.store().maximumBytes();
    if (bytes > most) {
      throw new StoreFullException(
          "session attribute "
              + name
              + " of "
              + encoded.bytes().length
              + " bytes would make the session "
              + bytes
              + " bytes long, at most "
              + most
              + " are allowed (sessions.max-size)");
    }
  }

  @Override
  public @Nullable Object removeAttribute(String name) {
    Object old;
    synchronized (this) {
      requireNotGone();
      old = getAttribute(name);
      Map<String, Object> local = manager.existingLocal(id);
      if (local != null) {
        local.remove(name);
      }
      decoded.remove(name);
      set.remove(name);
      removed.add(name);
      writeThrough();
    }
    if (old != null) {
      manager.listeners().attributeRemoved(this, name, old);
    }
    return old;
  }

  @Override
  public synchronized boolean isInvalid() {
    return state != State.LIVE;
  }

  /** Writes what changed since it was last called. Undertow calls it several times, or never. */
  @Override
  public synchronized void requestDone(@Nullable HttpServerExchange exchange) {
    try {
      flush();
    } catch (StoreException e) {
      log.error(
          "app {}: changes of a session are lost: {}", manager.getDeploymentName(), e.getMessage());
    }
  }

  /** Before the client can know of anything the request did. */
  synchronized void commit(HttpServerExchange exchange) {
    try {
      flush();
    } catch (StoreException e) {
      log.error(
          "app {}: a session cannot be written, answering 503: {}",
          manager.getDeploymentName(),
          e.getMessage());
      exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
    }
  }

  /** The request is over. Whoever has kept the session changes it at once from now on. */
  synchronized void finish() {
    requestDone(null);
    finished = true;
  }

  /** So that a request does not lose its session by running for longer than its timeout. */
  void extendLease(long nowMillis) {
    String current;
    synchronized (this) {
      if (state != State.LIVE
          || finished
          || record.deadlineMillis > nowMillis + SharedSessionManager.LEASE_MILLIS / 2) {
        return;
      }
      current = id;
    }
    long deadline = nowMillis + SharedSessionManager.LEASE_MILLIS;
    manager
        .store()
        .update(
            manager.key(current),
            stored -> {
              if (stored == null
                  || StoredValue.isEnding(stored)
                  || StoredValue.deadlineMillis(stored) >= deadline) {
                return stored;
              }
              byte[] extended = stored.clone();
              StoredValue.deadlineMillis(extended, deadline);
              return extended;
            });
  }

  @Override
  public @Nullable String changeSessionId(HttpServerExchange exchange, SessionConfig newConfig) {
    String old;
    synchronized (this) {
      requireLive();
      old = id;
      String next = manager.newId();
      RequestLockHandler.alsoHold(exchange, manager.key(next));
      Map<String, EncodedAttribute> changes = changes();
      byte[] moved =
          manager
              .store()
              .move(
                  manager.key(old),
                  manager.key(next),
                  stored ->
                      stored == null || StoredValue.isEnding(stored)
                          ? null
                          : merge(stored, changes));
      if (moved == null) {
        state = State.GONE;
        return null;
      }
      written(changes);
      id = next;
      manager.moveLocal(old, next);
    }
    newConfig.setSessionId(exchange, getId());
    manager.listeners().sessionIdChanged(this, old);
    return getId();
  }

  @Override
  public void invalidate(@Nullable HttpServerExchange exchange) {
    synchronized (this) {
      requireLive();
      state = State.ENDING;
    }
    StoredEntry claimed = claim();
    if (claimed == null) {
      synchronized (this) {
        state = State.GONE;
      }
      throw new IllegalStateException("the session has ended on another worker");
    }
    try {
      manager.listeners().sessionDestroyed(this, exchange, SessionDestroyedReason.INVALIDATED);
    } finally {
      manager.store().update(claimed.key(), stored -> null);
      manager.ended(getId(), record);
      synchronized (this) {
        state = State.GONE;
      }
      if (exchange != null && config != null) {
        config.clearSession(exchange, getId());
      }
    }
  }

  /**
   * From now on nobody finds it; if this process dies before its listeners ran, another runs them.
   */
  private @Nullable StoredEntry claim() {
    byte[] key = manager.key(getId());
    boolean[] claimed = new boolean[1];
    byte[] stored =
        manager
            .store()
            .update(
                key,
                current -> {
                  if (current == null || ExpirySweep.isClaimed(current)) {
                    return current;
                  }
                  claimed[0] = true;
                  byte[] ours = StoredValue.withClaim(current, OwnerWord.mine());
                  StoredValue.deadlineMillis(ours, 0);
                  return ours;
                });
    return claimed[0] && stored != null ? new StoredEntry(key, stored) : null;
  }

  private void writeThrough() {
    if (finished && state == State.LIVE) {
      flush();
    }
  }

  private void flush() {
    if (state != State.LIVE) {
      return;
    }
    Map<String, EncodedAttribute> changes = changes();
    if (changes.isEmpty() && removed.isEmpty() && !timeoutSet && (flushed || startedMillis == 0)) {
      set.clear(); // to what it was: nothing to be written after the request either
      return;
    }
    byte[] stored =
        manager
            .store()
            .update(
                manager.key(id),
                current ->
                    current == null || StoredValue.isEnding(current)
                        ? current
                        : merge(current, changes));
    if (stored == null || StoredValue.isEnding(stored)) {
      state = State.GONE; // ended on another worker: what was changed here must not bring it back
    }
    written(changes);
  }

  private Map<String, EncodedAttribute> changes() {
    Map<String, EncodedAttribute> changes = new HashMap<>();
    // Frameworks end a request by setting again what it has read. The client may have all of its
    // answer by then, and its next request may have changed that.
    boolean setsAgain = !finished || Thread.currentThread() == requestThread;
    for (Map.Entry<String, Object> entry : decoded.entrySet()) {
      String name = entry.getKey();
      EncodedAttribute before = record.attributes.get(name);
      boolean wasSet = set.contains(name);
      if (wasSet || before == null || !manager.codecs().isImmutable(before, entry.getValue())) {
        EncodedAttribute now = manager.codecs().encode(name, entry.getValue());
        if (before == null || !now.sameAs(before) || (wasSet && !setsAgain)) {
          changes.put(name, now);
        }
      }
    }
    return changes;
  }

  /** What is stored, possibly changed by others since it was read here, with our changes. */
  private byte[] merge(byte[] stored, Map<String, EncodedAttribute> changes) {
    if (startedMillis != 0 && changes.isEmpty() && removed.isEmpty() && !timeoutSet) {
      return SessionRecord.used(stored, startedMillis, System.currentTimeMillis());
    }
    SessionRecord next = SessionRecord.decode(stored);
    next.version++;
    next.attributes.keySet().removeAll(removed);
    next.attributes.putAll(changes);
    if (timeoutSet) {
      next.timeoutSeconds = record.timeoutSeconds;
    }
    if (startedMillis != 0 || timeoutSet) {
      next.accessedMillis = Math.max(next.accessedMillis, startedMillis);
      next.usedAt(System.currentTimeMillis());
    }
    return next.encode();
  }

  private void written(Map<String, EncodedAttribute> changes) {
    record.attributes.keySet().removeAll(removed);
    record.attributes.putAll(changes);
    set.clear();
    removed.clear();
    timeoutSet = false;
    flushed = true;
  }

  private void requireLive() {
    if (state != State.LIVE) {
      throw new IllegalStateException("the session is invalid");
    }
  }

  private void requireNotGone() {
    if (state == State.GONE) {
      throw new IllegalStateException("the session is invalid");
    }
  }
}
