package dev.tidepool.session;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the whole store while it is in use: that each entry can be read and found, that the
 * books agree with the entries. Holds one segment at a time and changes nothing.
 */
public final class StoreVerifier {
  private static final int MOST_PROBLEMS = 100;
  private final ChronicleSessionStore store;

  StoreVerifier(ChronicleSessionStore store) {
    this.store = store;
  }

  /**
   * What was found.
   *
   * @param problems a line each, the first 100; empty if all is well
   */
  public record Verdict(int segments, long sessions, long bytes, List<String> problems) {
    public Verdict {
      problems = List.copyOf(problems);
    }
  }

  Verdict verify() {
    List<String> problems = new ArrayList<>();
    long sessions = 0;
    long bytes = 0;
    int segments = store.layout().segments();
    for (int segment = 0; segment < segments; segment++) {
      SegmentGuard guard = store.enter(segment);
      try {
        long[] sum = new long[2];
        List<byte[]> keys = new ArrayList<>();
        store
            .map()
            .visit(
                guard.segment(),
                entry -> {
                  sum[0]++;
                  sum[1] += entry.valueBytes();
                  keys.add(entry.key());
                  checkEntry(guard, entry, problems);
                  return true;
                });
        keys.forEach(key -> checkFound(guard, key, problems));
        checkBooks(guard, sum, problems);
        sessions += sum[0];
        bytes += sum[1];
      } finally {
        guard.exit();
      }
    }
    return new Verdict(
        segments, sessions, bytes, problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())));
  }

  private static void checkEntry(
      SegmentGuard guard, MapSegments.Entry entry, List<String> problems) {
    if (!entry.isIntact()) {
      problems.add("segment " + guard.segment() + ": an entry's checksum is wrong");
    }
    if (entry.deadlineMillis() < guard.get(SegmentGuard.EARLIEST)) {
      problems.add("segment " + guard.segment() + ": a session expires before the sweep looks");
    }
    try {
      SessionRecord.decode(entry.value());
    } catch (RuntimeException e) {
      problems.add("segment " + guard.segment() + ": a session cannot be read: " + e);
    }
  }

  private void checkFound(SegmentGuard guard, byte[] key, List<String> problems) {
    if (store.map().segmentOf(key) != guard.segment() || store.map().get(key) == null) {
      problems.add("segment " + guard.segment() + ": an entry cannot be found by its key");
    }
  }

  private static void checkBooks(SegmentGuard guard, long[] sum, List<String> problems) {
    if (sum[0] != guard.get(SegmentGuard.ENTRIES) || sum[1] != guard.get(SegmentGuard.BYTES)) {
      problems.add(
          "segment "
              + guard.segment()
              + ": holds "
              + sum[0]
              + " sessions of "
              + sum[1]
              + " bytes, counted are "
              + guard.get(SegmentGuard.ENTRIES)
              + " of "
              + guard.get(SegmentGuard.BYTES));
    }
  }
}
