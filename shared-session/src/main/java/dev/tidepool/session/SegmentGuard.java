package dev.tidepool.session;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The lock of one segment over all processes, held for microseconds by one thread inside one store
 * operation. Whoever waits finds out by itself that the owner has died and takes the lock over.
 *
 * <pre>
 *  0       8       16     24        32       40         48        56
 *  | owner | since | slot | pending | repair | earliest | entries | bytes |
 *  64     72       80           88      96         104       112       120
 *  | hits | misses | recoveries | waits | refused  | expired | evicted | taken over |
 * </pre>
 *
 * All but the owner word are read and written by the holder only, with plain memory effects, and
 * read by others for statistics. Owner: {@link OwnerWord}; since: {@link System#nanoTime}; pending:
 * {@link SegmentJournal}; repair: {@link SegmentRepair}; earliest: no session of the segment
 * expires before this ({@link System#currentTimeMillis}).
 */
final class SegmentGuard {
  static final int SINCE = 8;
  static final int SLOT = 16;
  static final int PENDING = 24;
  static final int REPAIR = 32;
  static final int EARLIEST = 40;
  static final int ENTRIES = 48;
  static final int BYTES = 56;
  static final int HITS = 64;
  static final int MISSES = 72;
  static final int RECOVERIES = 80;
  static final int WAITS = 88;
  static final int REFUSED = 96;
  static final int EXPIRED = 104;
  static final int EVICTED = 112;
  static final int TAKEN_OVER = 120;

  private static final int SPINS = 200;

  /** How long a death can stay unnoticed by someone who waits. */
  private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final SharedMemory memory;
  private final int at;
  private final int segment;
  private final long limitNanos;
  private final IntSupplier slot;

  SegmentGuard(SharedMemory memory, int at, int segment, long limitNanos, IntSupplier slot) {
    this.memory = memory;
    this.at = at;
    this.segment = segment;
    this.limitNanos = limitNanos;
    this.slot = slot;
  }

  int segment() {
    return segment;
  }

  /**
   * Waits until this thread holds the guard; not reentrant.
   *
   * @throws LockTimeoutException if a living owner does not let go in time
   */
  void enter() {
    long me = OwnerWord.mine();
    if (!memory.compareAndSet(at, OwnerWord.NOBODY, me)) {
      waitAndEnter(me);
      add(WAITS, 1);
    }
    set(SINCE, System.nanoTime());
    set(SLOT, slot.getAsInt());
  }

  void exit() {
    long word = memory.getAndSet(at, OwnerWord.NOBODY);
    if (OwnerWord.withoutFlag(word) != OwnerWord.mine()) {
      throw new IllegalStateException(
          "segment "
              + segment
              + " was left by pid "
              + OwnerWord.pid(OwnerWord.mine())
              + " while held by pid "
              + OwnerWord.pid(word));
    }
    if (word != OwnerWord.mine()) {
      memory.wake(at, 1);
    }
  }

  /** Waits until no thread of this process holds the guard. */
  void awaitOwnExit() {
    while (OwnerWord.withoutFlag(memory.get(at)) == OwnerWord.mine()) {
      Thread.onSpinWait();
    }
  }

  /** True if a process holds the guard that has died. */
  boolean isOrphaned() {
    long word = memory.get(at);
    return word != OwnerWord.NOBODY && !OwnerWord.alive(word);
  }

  long get(int field) {
    return memory.getPlain(at + field);
  }

  void set(int field, long value) {
    memory.setPlain(at + field, value);
  }

  /** Writes so that it is there before anything that is written later. */
  void publish(int field, long value) {
    memory.set(at + field, value);
  }

  void add(int field, long delta) {
    set(field, get(field) + delta);
  }

  private void waitAndEnter(long me) {
    for (int i = 0; i < SPINS; i++) {
      if (memory.get(at) == OwnerWord.NOBODY && memory.compareAndSet(at, OwnerWord.NOBODY, me)) {
        return;
      }
      Thread.onSpinWait();
    }
    long since = System.nanoTime();
    while (!enterOrWait(me | OwnerWord.CONTENDED, since)) {}
  }

  /** Once someone has waited the flag stays on, since more may wait than those who are woken. */
  private boolean enterOrWait(long me, long since) {
    long word = memory.get(at);
    if (word == OwnerWord.NOBODY) {
      return memory.compareAndSet(at, OwnerWord.NOBODY, me);
    }
    if (!OwnerWord.alive(word)) {
      if (memory.compareAndSet(at, word, me)) {
        add(TAKEN_OVER, 1);
        return true;
      }
      return false;
    }
    long waited = System.nanoTime() - since;
    if (waited > limitNanos) {
      throw new LockTimeoutException(describe(word, waited));
    }
    long flagged = word | OwnerWord.CONTENDED;
    if (word == flagged || memory.compareAndSet(at, word, flagged)) {
      memory.await(at, (int) flagged, NOTICE_NANOS);
    }
    return false;
  }

  private String describe(long word, long waitedNanos) {
    long heldNanos = System.nanoTime() - get(SINCE);
    return "segment "
        + segment
        + " is held by slot="
        + get(SLOT)
        + " pid="
        + OwnerWord.pid(word)
        + " for "
        + TimeUnit.NANOSECONDS.toMillis(heldNanos)
        + " ms, waited "
        + TimeUnit.NANOSECONDS.toMillis(waitedNanos)
        + " ms; is that process stopped?";
  }
}
