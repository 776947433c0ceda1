package dev.tidepool.session;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Locks on single sessions, held by a request from its start to its end, over threads and
 * dispatches. They lie beside the segment that the session's key falls in and are written only
 * under its guard:
 *
 * <pre>
 *  0       8             16        24      32          40
 *  | owner | fingerprint | request | since | contended | slot |   64 bytes each
 * </pre>
 *
 * Owner ({@link OwnerWord}) and request number name the holder; the fingerprint is a hash of the
 * key that tells sessions of one segment apart. Owner 0: the place is free. Nobody waits here: see
 * {@link RequestLockQueue}.
 */
final class RequestLock {
  private static final int FINGERPRINT = 8;
  private static final int REQUEST = 16;
  private static final int SINCE = 24;
  private static final int CONTENDED = 32;
  private static final int SLOT = 40;

  private final ChronicleSessionStore store;
  private final SharedMemory memory;
  private final IntSupplier slot;

  RequestLock(ChronicleSessionStore store, IntSupplier slot) {
    this.store = store;
    this.memory = store.memory();
    this.slot = slot;
  }

  /**
   * Who holds a lock, or {@link #NOBODY} if it has just been taken.
   *
   * @param owner the word of the process, 0 if all places of the segment are taken
   */
  record Holder(long owner, long slot, long sinceNanos) {
    static final Holder NOBODY = new Holder(OwnerWord.NOBODY, -1, 0);

    String describe() {
      return owner == OwnerWord.NOBODY
          ? "too many sessions of one segment are locked"
          : "held by slot="
              + slot
              + " pid="
              + OwnerWord.pid(owner)
              + " for "
              + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos)
              + " ms";
    }
  }

  /**
   * Takes the lock if it is free, or held by {@code dead}.
   *
   * @param dead the word of a process that is known to have died, or 0
   * @return null if this request has it now; the holder, who will wake waiters, if not
   */
  @Nullable Holder tryAcquire(byte[] key, long request, long dead) {
    long fingerprint = MapSegments.fingerprint(key);
    int segment = store.map().segmentOf(key);
    SegmentGuard guard = store.enter(segment);
    try {
      int at = find(segment, fingerprint);
      if (at >= 0) {
        long owner = memory.getPlain(at);
        if (owner != dead) {
          memory.setPlain(at + CONTENDED, 1);
          return new Holder(owner, memory.getPlain(at + SLOT), memory.getPlain(at + SINCE));
        }
        take(at, fingerprint, request);
        return null;
      }
      int free = findFree(segment, dead);
      if (free < 0) {
        return Holder.NOBODY;
      }
      memory.setPlain(free + CONTENDED, 0);
      take(free, fingerprint, request);
      return null;
    } finally {
      guard.exit();
    }
  }

  /** Lets go, and wakes those who wait in any process. */
  void release(byte[] key, long request) {
    long fingerprint = MapSegments.fingerprint(key);
    int segment = store.map().segmentOf(key);
    boolean contended = false;
    SegmentGuard guard = store.enter(segment);
    try {
      int at = find(segment, fingerprint);
      if (at >= 0
          && memory.getPlain(at) == OwnerWord.mine()
          && memory.getPlain(at + REQUEST) == request) {
        contended = memory.getPlain(at + CONTENDED) != 0;
        memory.set(at, OwnerWord.NOBODY);
      }
    } finally {
      guard.exit();
    }
    if (contended) {
      memory.getAndAddInt(StoreLayout.RELEASES_AT, 1);
      memory.wake(StoreLayout.RELEASES_AT, Integer.MAX_VALUE);
    }
  }

  /** Counts releases that someone waited for; read it before looking, wait while it is the same. */
  int releases() {
    return memory.getInt(StoreLayout.RELEASES_AT);
  }

  void awaitRelease(int seen, long nanos) {
    memory.await(StoreLayout.RELEASES_AT, seen, nanos);
  }

  private void take(int at, long fingerprint, long request) {
    memory.setPlain(at + FINGERPRINT, fingerprint);
    memory.setPlain(at + REQUEST, request);
    memory.setPlain(at + SINCE, System.nanoTime());
    memory.setPlain(at + SLOT, slot.getAsInt());
    memory.set(at, OwnerWord.mine());
  }

  private int find(int segment, long fingerprint) {
    for (int lock = 0; lock < store.layout().locksPerSegment(); lock++) {
      int at = store.layout().lockAt(segment, lock);
      if (memory.getPlain(at) != OwnerWord.NOBODY
          && memory.getPlain(at + FINGERPRINT) == fingerprint) {
        return at;
      }
    }
    return -1;
  }

  private int findFree(int segment, long dead) {
    for (int lock = 0; lock < store.layout().locksPerSegment(); lock++) {
      int at = store.layout().lockAt(segment, lock);
      long owner = memory.getPlain(at);
      if (owner == OwnerWord.NOBODY || (dead != OwnerWord.NOBODY && owner == dead)) {
        return at;
      }
    }
    return reclaim(segment);
  }

  /** All places are taken: those of processes that have died meanwhile are not. */
  private int reclaim(int segment) {
    for (int lock = 0; lock < store.layout().locksPerSegment(); lock++) {
      int at = store.layout().lockAt(segment, lock);
      if (!OwnerWord.alive(memory.getPlain(at))) {
        return at;
      }
    }
    return -1;
  }
}
