package dev.tidepool.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions whose time is over. Every worker ticks; one of them, named in the header, looks; if
 * it has died or was not seen for five seconds, the next that ticks takes its place.
 *
 * <p>Each guard knows a time before which none of its sessions expires, so a tick reads a word for
 * each segment and enters only those that are due, at most {@value #MOST_SEGMENTS}: what it costs
 * does not depend on how many sessions live. Each tick also enters segments whose owner has died,
 * so that what it left is finished even if nobody asks for it.
 *
 * <p>A session is first claimed by putting this process's word in its value, then the app is told,
 * then it is removed. Whoever finds the claim of a dead process does it again.
 */
final class ExpirySweep {
  private static final Logger log = LoggerFactory.getLogger(ExpirySweep.class);
  static final int MOST_SEGMENTS = 64;
  static final int MOST_SESSIONS = 1000;
  private static final long SILENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

  /** A session of an app that no worker runs any more is dropped untold after this. */
  private static final long ORPHAN_MILLIS = TimeUnit.MINUTES.toMillis(5);

  private final ChronicleSessionStore store;
  private final SharedMemory memory;
  private final Map<String, Ended> apps = new ConcurrentHashMap<>();
  private int next;

  ExpirySweep(ChronicleSessionStore store) {
    this.store = store;
    this.memory = store.memory();
  }

  /** Tells an app that one of its sessions has ended; it is removed after this returns. */
  @FunctionalInterface
  interface Ended {
    void ended(StoredEntry session);
  }

  void register(String app, Ended ended) {
    apps.put(app, ended);
  }

  void unregister(String app, Ended ended) {
    apps.remove(app, ended);
  }

  /** One look, if it is this worker's turn. Returns how many sessions it ended. */
  synchronized int tick(long nowMillis) {
    if (!isSweeper(nowMillis)) {
      return 0;
    }
    int segments = store.layout().segments();
    int entered = 0;
    int ended = 0;
    long sessions = 0;
    for (int i = 0; i < segments; i++) {
      int segment = (next + i) % segments;
      SegmentGuard guard = store.guard(segment);
      sessions += guard.get(SegmentGuard.ENTRIES);
      boolean due = guard.get(SegmentGuard.EARLIEST) <= nowMillis;
      if ((due || guard.isOrphaned()) && entered < MOST_SEGMENTS && ended < MOST_SESSIONS) {
        entered++;
        ended += sweep(segment, nowMillis, MOST_SESSIONS - ended);
      } else if (due && entered == MOST_SEGMENTS) {
        next = segment; // go on here, or the first ones would use up every tick
        entered++;
      }
    }
    adjustTotal(sessions);
    return ended;
  }

  private boolean isSweeper(long nowMillis) {
    long sweeper = memory.get(StoreLayout.SWEEPER_AT);
    if (sweeper != OwnerWord.mine()) {
      long silence = nowMillis - memory.get(StoreLayout.SWEEPER_SEEN_AT);
      boolean vacant =
          sweeper == OwnerWord.NOBODY || silence > SILENCE_MILLIS || !OwnerWord.alive(sweeper);
      if (!vacant || !memory.compareAndSet(StoreLayout.SWEEPER_AT, sweeper, OwnerWord.mine())) {
        return false;
      }
      String before = sweeper == OwnerWord.NOBODY ? "" : ", after pid " + OwnerWord.pid(sweeper);
      log.info("expires sessions from now on{}", before);
    }
    memory.set(StoreLayout.SWEEPER_SEEN_AT, nowMillis);
    return true;
  }

  void resign() {
    memory.compareAndSet(StoreLayout.SWEEPER_AT, OwnerWord.mine(), OwnerWord.NOBODY);
  }

  private int sweep(int segment, long nowMillis, int most) {
    List<byte[]> due = findDue(segment, nowMillis, most);
    int ended = 0;
    for (byte[] key : due) {
      if (end(key, nowMillis)) {
        ended++;
      } else if (!apps.containsKey(SessionKey.app(key))) {
        dropOrphan(key, nowMillis);
      }
    }
    return ended;
  }

  /** Ends a session if its time is over and this process runs its app. */
  boolean end(byte[] key, long nowMillis) {
    Ended app = apps.get(SessionKey.app(key));
    StoredEntry claimed = app == null ? null : claim(key, nowMillis);
    if (app == null || claimed == null) {
      return false;
    }
    tell(app, claimed);
    finish(key);
    return true;
  }

  private List<byte[]> findDue(int segment, long nowMillis, int most) {
    List<byte[]> due = new ArrayList<>();
    SegmentGuard guard = store.enter(segment);
    try {
      long[] earliest = {Long.MAX_VALUE};
      store
          .map()
          .visit(
              segment,
              entry -> {
                if (entry.deadlineMillis() > nowMillis || due.size() == most) {
                  earliest[0] = Math.min(earliest[0], entry.deadlineMillis());
                } else {
                  due.add(entry.key());
                }
                return true;
              });
      // What is due now may fail to be ended: look again in a second.
      guard.set(
          SegmentGuard.EARLIEST,
          due.isEmpty() ? earliest[0] : Math.min(earliest[0], nowMillis + 1000));
    } finally {
      guard.exit();
    }
    return due;
  }

  /** Null if another living process ends the session, or it was used meanwhile. */
  private @Nullable StoredEntry claim(byte[] key, long nowMillis) {
    boolean[] claimed = new boolean[1];
    byte[] stored =
        store.update(
            key,
            current -> {
              if (current == null
                  || StoredValue.deadlineMillis(current) > nowMillis
                  || isClaimed(current)) {
                return current;
              }
              claimed[0] = true;
              return StoredValue.withClaim(current, OwnerWord.mine());
            });
    return claimed[0] && stored != null ? new StoredEntry(key, stored) : null;
  }

  /** True if a living process is ending the session. */
  static boolean isClaimed(byte[] value) {
    long claim = StoredValue.claim(value);
    return claim != OwnerWord.NOBODY && OwnerWord.alive(claim);
  }

  private static void tell(Ended app, StoredEntry claimed) {
    try {
      app.ended(claimed);
    } catch (RuntimeException e) {
      log.warn("a listener failed as a session of {} expired", SessionKey.app(claimed.key()), e);
    }
  }

  private void finish(byte[] key) {
    int segment = store.map().segmentOf(key);
    store.update(
        key,
        current -> {
          if (current == null || StoredValue.claim(current) != OwnerWord.mine()) {
            return current;
          }
          store.guard(segment).add(SegmentGuard.EXPIRED, 1);
          return null;
        });
  }

  private void dropOrphan(byte[] key, long nowMillis) {
    store.update(
        key,
        current ->
            current != null && StoredValue.deadlineMillis(current) < nowMillis - ORPHAN_MILLIS
                ? null
                : current);
  }

  /** A process that died between a write and its counting leaves the total wrong. */
  private void adjustTotal(long sessions) {
    long total = memory.get(StoreLayout.SESSIONS_AT);
    long again = 0;
    for (int i = 0; i < store.layout().segments(); i++) {
      again += store.guard(i).get(SegmentGuard.ENTRIES);
    }
    if (again == sessions && total != sessions) {
      memory.compareAndSet(StoreLayout.SESSIONS_AT, total, sessions);
    }
  }
}
