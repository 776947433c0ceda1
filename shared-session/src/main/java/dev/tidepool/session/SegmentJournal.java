package dev.tidepool.session;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What writers are about to do, so that whoever comes after a dead one finishes it. Records belong
 * to a pool that all workers share; a guard points to the one that its holder uses.
 *
 * <pre>
 *  0       8       16                40                64
 *  | owner | state | first part      | second part     | key, value, key, value
 *                  | segment | key   | segment | key   |
 *                  | value | (-1: remove)
 *
 *  state    63          8  2           1 0
 *           | sequence    | committed | second, first part still to do |
 *  pending  63          48 47                     0
 *           | record + 1  | sequence               |
 * </pre>
 *
 * The store of the state is the one instant at which a change becomes certain, of both parts at
 * once. The parts are finished apart: whoever enters the one segment needs no look at the other,
 * and everyone who does enter the other finishes it first. So no repair ever waits for a second
 * guard. A pending word whose sequence is not its record's is left from a change that was not
 * committed, or is done.
 */
final class SegmentJournal {
  static final int CONTENT_AT = 64;

  private static final int STATE = 8;
  private static final int FIRST = 16;
  private static final int SECOND = 40;
  private static final int KEY_LENGTH = 8;
  private static final int VALUE_LENGTH = 16;
  private static final long COMMITTED = 4;
  private static final int BOTH = 3;
  private static final int SEQUENCE_SHIFT = 8;
  private static final int RECORD_SHIFT = 48;
  private static final long SEQUENCE_MASK = (1L << RECORD_SHIFT) - 1;

  private final SharedMemory memory;
  private final StoreLayout layout;
  private final long limitNanos;
  private final ThreadLocal<Integer> preferred;

  SegmentJournal(SharedMemory memory, StoreLayout layout, long limitNanos) {
    this.memory = memory;
    this.layout = layout;
    this.limitNanos = limitNanos;
    this.preferred =
        ThreadLocal.withInitial(
            () -> {
              long seed = Thread.currentThread().getId() * 31 + OwnerWord.pid(OwnerWord.mine());
              return (Long.hashCode(seed * 0x9e3779b97f4a7c15L) & 0x7fff_ffff) % layout.records();
            });
  }

  /** One half of a change: {@code key} of {@code segment} gets {@code value}, or goes if null. */
  static final class Part {
    private final int segment;
    private final byte[] key;
    private final byte @Nullable [] value;

    Part(int segment, byte[] key, byte @Nullable [] value) {
      this.segment = segment;
      this.key = key;
      this.value = value;
    }
  }

  /** Does what the journal says to the map. */
  interface Replay {
    void apply(byte[] key, byte @Nullable [] value);
  }

  /**
   * Takes a record for this thread, before it enters a guard.
   *
   * @throws LockTimeoutException if all are in use by living processes for too long
   */
  int claim() {
    int start = preferred.get();
    long since = 0;
    while (true) {
      for (int i = 0; i < layout.records(); i++) {
        int record = (start + i) % layout.records();
        if (memory.compareAndSet(layout.recordAt(record), OwnerWord.NOBODY, OwnerWord.mine())) {
          if (i > 0) {
            preferred.set(record);
          }
          return record;
        }
      }
      long now = System.nanoTime();
      since = since == 0 ? now : since;
      int taken = takeFromDead();
      if (taken >= 0) {
        return taken;
      }
      if (now - since > limitNanos) {
        throw new LockTimeoutException(
            "all "
                + layout.records()
                + " journal records are in use for "
                + TimeUnit.NANOSECONDS.toMillis(now - since)
                + " ms, the first by pid "
                + OwnerWord.pid(memory.get(layout.recordAt(0))));
      }
      Thread.onSpinWait();
    }
  }

  void release(int record) {
    memory.publish(layout.recordAt(record), OwnerWord.NOBODY);
  }

  /** Writes the change down. It is certain only after {@link #commit}. */
  void write(
      int record,
      SegmentGuard firstGuard,
      Part first,
      @Nullable SegmentGuard secondGuard,
      @Nullable Part second) {
    int at = layout.recordAt(record);
    int end = writePart(at, FIRST, CONTENT_AT, first);
    if (second != null) {
      writePart(at, SECOND, end, second);
    }
    long sequence = nextSequence(at);
    long pending = pending(record, sequence);
    firstGuard.publish(SegmentGuard.PENDING, pending);
    if (secondGuard != null) {
      secondGuard.publish(SegmentGuard.PENDING, pending);
    }
  }

  void commit(int record, boolean two) {
    int at = layout.recordAt(record);
    memory.set(at + STATE, nextSequence(at) << SEQUENCE_SHIFT | COMMITTED | (two ? BOTH : 1));
  }

  /** The map shows the change: nothing is to be finished any more. */
  void clear(int record, SegmentGuard firstGuard, @Nullable SegmentGuard secondGuard) {
    int at = layout.recordAt(record);
    memory.publish(at + STATE, memory.getPlain(at + STATE) & -(1L << SEQUENCE_SHIFT));
    firstGuard.publish(SegmentGuard.PENDING, 0);
    if (secondGuard != null) {
      secondGuard.publish(SegmentGuard.PENDING, 0);
    }
  }

  /** Repeats what is certain and not known to be done in the guard's segment. */
  void replay(SegmentGuard guard, Replay replay) {
    int at = pendingRecord(guard);
    if (at < 0) {
      return;
    }
    int content = at + CONTENT_AT;
    for (int part : new int[] {FIRST, SECOND}) {
      int bit = part == FIRST ? 1 : 2;
      int keyLength = memory.getInt(at + part + KEY_LENGTH);
      int valueLength = memory.getInt(at + part + VALUE_LENGTH);
      if ((memory.get(at + STATE) & bit) != 0 && memory.getInt(at + part) == guard.segment()) {
        byte[] key = memory.bytes(content, keyLength);
        replay.apply(key, valueLength < 0 ? null : memory.bytes(content + keyLength, valueLength));
      }
      content += keyLength + Math.max(0, valueLength);
    }
  }

  /** Notes that the guard's segment is finished. The other segment of the change may not be. */
  void clearAfterReplay(SegmentGuard guard) {
    int at = pendingRecord(guard);
    if (at >= 0) {
      int done = 0;
      for (int part : new int[] {FIRST, SECOND}) {
        if (memory.getInt(at + part) == guard.segment()) {
          done |= part == FIRST ? 1 : 2;
        }
      }
      long state;
      do {
        state = memory.get(at + STATE);
      } while (!memory.compareAndSet(at + STATE, state, state & ~done));
    }
    guard.publish(SegmentGuard.PENDING, 0);
  }

  /** Offset of the record that the guard's segment waits for, or -1. */
  private int pendingRecord(SegmentGuard guard) {
    long pending = guard.get(SegmentGuard.PENDING);
    int record = (int) (pending >>> RECORD_SHIFT) - 1;
    if (record < 0 || record >= layout.records()) {
      return -1;
    }
    int at = layout.recordAt(record);
    long state = memory.get(at + STATE);
    boolean same = (state >>> SEQUENCE_SHIFT & SEQUENCE_MASK) == (pending & SEQUENCE_MASK);
    return same && (state & COMMITTED) != 0 ? at : -1;
  }

  private int takeFromDead() {
    for (int record = 0; record < layout.records(); record++) {
      int at = layout.recordAt(record);
      long owner = memory.get(at);
      if (owner != OwnerWord.NOBODY
          && !OwnerWord.alive(owner)
          && (memory.get(at + STATE) & BOTH) == 0
          && memory.compareAndSet(at, owner, OwnerWord.mine())) {
        memory.set(at + STATE, nextSequence(at) << SEQUENCE_SHIFT); // disowns what points here
        return record;
      }
    }
    return -1;
  }

  private int writePart(int at, int part, int content, Part what) {
    byte[] value = what.value;
    memory.setIntPlain(at + part, what.segment);
    memory.setIntPlain(at + part + KEY_LENGTH, what.key.length);
    memory.setIntPlain(at + part + VALUE_LENGTH, value == null ? -1 : value.length);
    memory.put(at + content, what.key);
    int end = content + what.key.length;
    if (value == null) {
      return end;
    }
    memory.put(at + end, value);
    return end + value.length;
  }

  private long nextSequence(int at) {
    return (memory.getPlain(at + STATE) >>> SEQUENCE_SHIFT) + 1 & SEQUENCE_MASK;
  }

  private static long pending(int record, long sequence) {
    return (record + 1L) << RECORD_SHIFT | sequence;
  }
}
