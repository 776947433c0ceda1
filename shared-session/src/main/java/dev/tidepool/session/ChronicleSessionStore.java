package dev.tidepool.session;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The store in files that all workers of a pool map. One guard for each segment orders everything
 * that happens to it; a journal tells whoever comes after a dead worker what that was about to do.
 */
public final class ChronicleSessionStore implements SessionStore {
  private static final int WARM_UPS = 5;
  private static final int MOST_EVICTIONS = 16;

  private final StoreSettings settings;
  private final StoreFiles.Opened files;
  private final SharedMemory memory;
  private final MapSegments map;
  private final SegmentGuard[] guards;
  private final SegmentJournal journal;
  private final SegmentRepair repair;
  private final StoreProbe probe;
  private volatile boolean closed;
  private volatile BiConsumer<byte[], byte[]> evictionListener = (key, value) -> {};

  private ChronicleSessionStore(
      StoreSettings settings, StoreFiles.Opened files, IntSupplier slot, StoreProbe probe) {
    this.settings = settings;
    this.files = files;
    this.memory = files.memory();
    this.map = files.map();
    this.probe = probe;
    StoreLayout layout = files.layout();
    long limitNanos = settings.lockTimeout().toNanos();
    this.guards = new SegmentGuard[layout.segments()];
    for (int i = 0; i < guards.length; i++) {
      guards[i] = new SegmentGuard(memory, layout.guardAt(i), i, limitNanos, slot);
    }
    this.journal = new SegmentJournal(memory, layout, limitNanos);
    this.repair = new SegmentRepair(map, memory, layout, journal, probe);
  }

  /**
   * Opens the store, or makes and preallocates it. The first worker of a run drops what earlier
   * ones left, unless it is to persist.
   *
   * @param slot the worker's slot at the time of the call, for messages
   * @throws StoreException if the files are in use by another pool or with other settings, or if
   *     there is no room; files that cannot be used and are in no use are set aside
   */
  public static ChronicleSessionStore open(StoreSettings settings, IntSupplier slot) {
    return open(settings, slot, StoreProbe.NONE);
  }

  static ChronicleSessionStore open(StoreSettings settings, IntSupplier slot, StoreProbe probe) {
    warmUpRepair();
    StoreFiles.Opened files = new StoreFiles(settings).open(slot.getAsInt());
    return new ChronicleSessionStore(settings, files, slot, probe);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    try {
      SegmentGuard guard = enter(map.segmentOf(key));
      try {
        probe.at(StoreProbe.Point.READING);
        byte[] value = map.get(key);
        guard.add(value == null ? SegmentGuard.MISSES : SegmentGuard.HITS, 1);
        return value;
      } finally {
        guard.exit();
      }
    } catch (InternalError e) {
      throw unreadable(e);
    }
  }

  @Override
  public byte @Nullable [] update(byte[] key, Change change) {
    List<StoredEntry> evicted = new ArrayList<>(0);
    try {
      int record = journal.claim();
      try {
        SegmentGuard guard = enter(map.segmentOf(key));
        try {
          byte[] old = map.get(key);
          byte[] now = change.apply(old);
          if (now != old) {
            new Write(guard, record, evicted).store(key, old, now);
          }
          return now;
        } finally {
          guard.exit();
        }
      } finally {
        journal.release(record);
      }
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      evicted.forEach(e -> evictionListener.accept(e.key(), e.value()));
    }
  }

  @Override
  public byte @Nullable [] move(byte[] from, byte[] to, Change change) {
    int source = map.segmentOf(from);
    int target = map.segmentOf(to);
    int record = journal.claim();
    try {
      // In one order everywhere, or two that move in opposite directions wait for each other.
      SegmentGuard low = enter(Math.min(source, target));
      try {
        SegmentGuard high = source == target ? low : enter(Math.max(source, target));
        try {
          return move(record, from, guards[source], to, guards[target], change);
        } finally {
          if (high != low) {
            high.exit();
          }
        }
      } finally {
        low.exit();
      }
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      journal.release(record);
    }
  }

  private byte @Nullable [] move(
      int record, byte[] from, SegmentGuard source, byte[] to, SegmentGuard target, Change change) {
    byte[] old = map.get(from);
    byte[] now = old == null ? null : change.apply(old);
    if (old == null || now == null) {
      return null;
    }
    if (map.get(to) != null) {
      throw new StoreException("the new session id is in use");
    }
    requireLength(target, now);
    SegmentGuard second = source == target ? null : target;
    journal.write(
        record,
        source,
        new SegmentJournal.Part(source.segment(), from, null),
        second,
        new SegmentJournal.Part(target.segment(), to, now));
    probe.at(StoreProbe.Point.JOURNAL_WRITTEN);
    lowerEarliest(target, now);
    journal.commit(record, true);
    probe.at(StoreProbe.Point.JOURNAL_COMMITTED);
    try {
      map.put(to, now, probe); // first, since this is what may find no room
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw full(target, record, source, second, now, e);
    }
    probe.at(StoreProbe.Point.HALF_MOVED);
    map.remove(from);
    probe.at(StoreProbe.Point.MAP_CHANGED);
    count(source, -1, -old.length);
    count(target, 1, now.length);
    journal.clear(record, source, second);
    probe.at(StoreProbe.Point.JOURNAL_CLEARED);
    return now;
  }

  /** One write of one key. */
  private final class Write {
    private final SegmentGuard guard;
    private final int record;
    private final List<StoredEntry> evicted;

    Write(SegmentGuard guard, int record, List<StoredEntry> evicted) {
      this.guard = guard;
      this.record = record;
      this.evicted = evicted;
    }

    void store(byte[] key, byte @Nullable [] old, byte @Nullable [] now) {
      if (now != null) {
        requireLength(guard, now);
        if (old == null && memory.get(StoreLayout.SESSIONS_AT) >= settings.capacity()) {
          makeRoom(key, "the pool holds its capacity of " + settings.capacity() + " sessions");
        }
      }
      for (int attempt = 0; ; attempt++) {
        try {
          apply(key, old, now);
          return;
        } catch (StoreFullException e) {
          if (attempt == MOST_EVICTIONS) {
            throw e;
          }
          makeRoom(key, String.valueOf(e.getMessage()));
        }
      }
    }

    private void apply(byte[] key, byte @Nullable [] old, byte @Nullable [] now) {
      journal.write(record, guard, new SegmentJournal.Part(guard.segment(), key, now), null, null);
      probe.at(StoreProbe.Point.JOURNAL_WRITTEN);
      if (now != null) {
        lowerEarliest(guard, now);
      }
      journal.commit(record, false);
      probe.at(StoreProbe.Point.JOURNAL_COMMITTED);
      try {
        if (now == null) {
          map.remove(key);
        } else {
          map.put(key, now, probe);
        }
      } catch (IllegalStateException | IllegalArgumentException e) {
        throw full(guard, record, guard, null, now, e);
      }
      probe.at(StoreProbe.Point.MAP_CHANGED);
      count(guard, entries(now) - entries(old), length(now) - length(old));
      journal.clear(record, guard, null);
      probe.at(StoreProbe.Point.JOURNAL_CLEARED);
    }

    /** Evicts the one that would expire next, or refuses. */
    private void makeRoom(byte[] key, String why) {
      StoredEntry victim =
          settings.whenFull() == StoreSettings.WhenFull.EVICT_OLDEST
              ? map.earliest(guard.segment(), key)
              : null;
      if (victim == null) {
        guard.add(SegmentGuard.REFUSED, 1);
        throw new StoreFullException(why + "; raise sessions.capacity");
      }
      apply(victim.key(), victim.value(), null);
      guard.add(SegmentGuard.EVICTED, 1);
      evicted.add(victim);
    }
  }

  @Override
  public StoreStatistics statistics() {
    long[] sum = new long[SegmentGuard.TAKEN_OVER + Long.BYTES];
    for (SegmentGuard guard : guards) {
      for (int field = SegmentGuard.ENTRIES;
          field <= SegmentGuard.TAKEN_OVER;
          field += Long.BYTES) {
        sum[field] += guard.get(field);
      }
    }
    return new StoreStatistics(
        sum[SegmentGuard.ENTRIES],
        sum[SegmentGuard.BYTES],
        settings.capacity(),
        settings.maximumBytes(),
        guards.length,
        sum[SegmentGuard.HITS],
        sum[SegmentGuard.MISSES],
        sum[SegmentGuard.RECOVERIES],
        sum[SegmentGuard.TAKEN_OVER],
        sum[SegmentGuard.WAITS],
        sum[SegmentGuard.REFUSED],
        sum[SegmentGuard.EXPIRED],
        sum[SegmentGuard.EVICTED],
        memory.get(StoreLayout.UNDECODABLE_AT));
  }

  @Override
  public void onEvicted(BiConsumer<byte[], byte[]> listener) {
    evictionListener = listener;
  }

  @Override
  public void close() {
    closed = true;
    for (SegmentGuard guard : guards) {
      guard.awaitOwnExit(); // memory that a thread still reads must not go away
    }
    StoreHeader.detach(memory, files.process());
    map.close();
  }

  // ---- for expiry, verification and request locks, which work on segments ----

  SharedMemory memory() {
    return memory;
  }

  StoreLayout layout() {
    return files.layout();
  }

  long maximumBytes() {
    return settings.maximumBytes();
  }

  MapSegments map() {
    return map;
  }

  SegmentGuard guard(int segment) {
    return guards[segment];
  }

  /** Enters the guard of a segment and leaves the segment whole. The caller exits. */
  SegmentGuard enter(int segment) {
    SegmentGuard guard = guards[segment];
    guard.enter();
    try {
      if (closed) {
        throw new StoreException("the store is closed");
      }
      probe.at(StoreProbe.Point.ENTERED);
      if (repair.isNeeded(guard)) {
        repair.run(guard);
      }
      return guard;
    } catch (RuntimeException | Error e) {
      guard.exit();
      throw e;
    }
  }

  private void requireLength(SegmentGuard guard, byte[] value) {
    if (value.length > settings.maximumBytes()) {
      guard.add(SegmentGuard.REFUSED, 1);
      throw new StoreFullException(
          "a session of "
              + value.length
              + " bytes, at most "
              + settings.maximumBytes()
              + " are allowed; raise sessions.max-size or keep less in it");
    }
  }

  /** Puts the segment right after Chronicle gave up half way, and says so. */
  private StoreFullException full(
      SegmentGuard target,
      int record,
      SegmentGuard first,
      @Nullable SegmentGuard second,
      byte @Nullable [] value,
      RuntimeException cause) {
    journal.clear(record, first, second);
    repair.restore(target);
    StoreFullException full =
        new StoreFullException(
            "segment "
                + target.segment()
                + " with "
                + target.get(SegmentGuard.ENTRIES)
                + " sessions and "
                + target.get(SegmentGuard.BYTES)
                + " bytes has no room for "
                + length(value)
                + " bytes");
    full.initCause(cause);
    return full;
  }

  /** Before the value is there: the sweep may look too early, never too late. */
  private static void lowerEarliest(SegmentGuard guard, byte[] value) {
    long deadline = StoredValue.deadlineMillis(value);
    if (deadline < guard.get(SegmentGuard.EARLIEST)) {
      guard.set(SegmentGuard.EARLIEST, deadline);
    }
  }

  private void count(SegmentGuard guard, int entries, int bytes) {
    guard.add(SegmentGuard.ENTRIES, entries);
    guard.add(SegmentGuard.BYTES, bytes);
    if (entries != 0) {
      memory.getAndAdd(StoreLayout.SESSIONS_AT, entries);
    }
  }

  private static int entries(byte @Nullable [] value) {
    return value == null ? 0 : 1;
  }

  private static int length(byte @Nullable [] value) {
    return value == null ? 0 : value.length;
  }

  /** The JVM turns the SIGBUS of a mapping without a file behind it into this error. */
  private StoreException unreadable(InternalError e) {
    return new StoreException(
        "the files in "
            + settings.directory()
            + " cannot be read; were they truncated while in use?",
        e);
  }

  /** The first repair would take tens of milliseconds: let it be one that nobody waits for. */
  private static void warmUpRepair() {
    StoreSettings small = WarmUp.SETTINGS;
    try (MapSegments map = MapSegments.inMemory(small, 1)) {
      byte[] value = new byte[small.averageBytes()];
      for (int i = 0; i < WARM_UPS; i++) {
        map.put(SessionKey.of("warm-up", "warm-up-" + i), value, StoreProbe.NONE);
        map.recover(0, found -> {});
      }
    }
  }

  /** What the private map is like that only warms the code. */
  private static final class WarmUp {
    static final StoreSettings SETTINGS =
        new StoreSettings(
            Path.of("/"),
            "",
            "",
            WARM_UPS * 4L,
            64,
            256,
            false,
            StoreSettings.WhenFull.REFUSE,
            Duration.ofSeconds(1));
  }
}
