package dev.tidepool.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests that a worker is working on, for those who look at it from outside, also after its
 * death. What an I/O thread runs is in its own entry; a request that it gave away takes one of the
 * other entries, if one is free. Written with plain stores, so a reader may see an entry that
 * changes.
 *
 * <pre>
 *  entry i, 128 bytes; 0..63 of the I/O threads, 64..127 of all others
 *  0                 8              10            12       16             40
 *  | start i64, or 0 | length i16   | length i16  | unused | thread name  | method and path |
 *  |    nanoTime     | of thread    | of request  |        | 24 bytes     | 88 bytes        |
 * </pre>
 */
public final class RequestTable {
  /** Entries of I/O threads, and as many of other requests. */
  public static final int THREADS = 64;

  /** There was no entry free. */
  public static final int NONE = -1;

  /** Letters of method and path that an entry holds. */
  static final int LONGEST = 87;

  static final int ENTRY = 128;
  static final int SIZE = 2 * THREADS * ENTRY;

  private static final int LENGTHS = 8;
  private static final int THREAD = 16;
  private static final int THREAD_LENGTH = 24;
  private static final int TEXT = 40;
  private static final int TEXT_LENGTH = ENTRY - TEXT;

  private final Cells cells;

  /** Bit i is set while entry {@code THREADS + i} is taken; of the writing process only. */
  private final AtomicLong taken = new AtomicLong();

  RequestTable(Cells cells) {
    this.cells = cells;
  }

  /**
   * What is in an entry: System.nanoTime() of the start, the thread that works on it (empty if none
   * does), method and path.
   */
  public record Entry(long startNanos, String thread, String request) {}

  /** One for each thread that writes; the table itself has no room for work. */
  public static final class Scratch {
    private final byte[] bytes = new byte[TEXT_LENGTH];
  }

  /** Fills an entry; letters beyond ISO 8859-1 and beyond its length are lost. */
  public void put(int entry, long startNanos, String method, String path, Scratch scratch) {
    int at = entry * ENTRY;
    byte[] bytes = scratch.bytes;
    int ofMethod = copy(method, bytes, 0);
    bytes[ofMethod] = ' ';
    int length = copy(path, bytes, ofMethod + 1);
    cells.write(at + TEXT, bytes, 0, length);
    cells.setInt(at + LENGTHS, (cells.getInt(at + LENGTHS) & 0xffff) | (length << 16));
    cells.setLongRelease(at, startNanos);
  }

  @SuppressWarnings(
      "deprecation") // cuts high bytes off, which is what is wanted, and allocates none
  private static int copy(String text, byte[] into, int at) {
    int length = Math.min(text.length(), LONGEST - at);
    text.getBytes(0, length, into, at);
    return at + length;
  }

  /** Says which thread works on the request of this entry; "" for none. */
  public void thread(int entry, String name) {
    int at = entry * ENTRY;
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    int length = Math.min(bytes.length, THREAD_LENGTH);
    cells.write(at + THREAD, bytes, 0, length);
    cells.setInt(at + LENGTHS, (cells.getInt(at + LENGTHS) & 0xffff_0000) | length);
  }

  /** Empties an entry; one of an I/O thread can be put again. */
  public void clear(int entry) {
    cells.setLong(entry * ENTRY, 0);
  }

  /** Takes a free entry that is not an I/O thread's, or answers {@link #NONE}. */
  public int take() {
    while (true) {
      long before = taken.get();
      if (before == -1L) {
        return NONE;
      }
      long bit = Long.lowestOneBit(~before);
      if (taken.compareAndSet(before, before | bit)) {
        return THREADS + Long.numberOfTrailingZeros(bit);
      }
    }
  }

  /** Gives back what {@link #take} answered, {@link #NONE} included. */
  public void free(int entry) {
    if (entry != NONE) {
      clear(entry);
      cells.setInt(entry * ENTRY + LENGTHS, 0);
      long bit = 1L << (entry - THREADS);
      taken.updateAndGet(bits -> bits & ~bit);
    }
  }

  /** What is in flight, the oldest first. */
  public List<Entry> inFlight() {
    List<Entry> found = new ArrayList<>();
    for (int entry = 0; entry < 2 * THREADS; entry++) {
      int at = entry * ENTRY;
      long start = cells.getLongAcquire(at);
      if (start != 0) {
        int lengths = cells.getInt(at + LENGTHS);
        found.add(
            new Entry(
                start,
                text(at + THREAD, lengths & 0xffff, THREAD_LENGTH),
                text(at + TEXT, lengths >>> 16, TEXT_LENGTH)));
      }
    }
    found.sort((one, other) -> Long.compare(one.startNanos - other.startNanos, 0));
    return found;
  }

  /** What a client sent stays on one line. */
  private String text(int at, int length, int longest) {
    byte[] bytes = new byte[Math.min(length, longest)];
    cells.read(at, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("\\p{Cntrl}", "?");
  }
}
