package dev.tidepool.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a segment whole again after a process died in it. May itself be killed at any instruction:
 * the next one starts from the same picture.
 *
 * <ol>
 *   <li>Take a picture of the segment's metadata, or go back to the one that a dead repair took.
 *   <li>Reset Chronicle's lock and run Chronicle's recovery on this segment: entries with a wrong
 *       checksum go, the metadata is built anew from the others.
 *   <li>Replay the journal: the key whose write was cut gets its new value.
 *   <li>Count, drop the picture, clear the journal.
 * </ol>
 *
 * Going back to the picture is safe although the replay may have written an entry since: it wrote
 * only where recovery had found no valid entry, and its key is replayed again. Hence the order at
 * the end: with a picture and no journal, going back would undo the replay for good.
 */
final class SegmentRepair {
  private static final Logger log = LoggerFactory.getLogger(SegmentRepair.class);
  private static final long PICTURE_TAKEN = 1;

  private final MapSegments map;
  private final SharedMemory memory;
  private final StoreLayout layout;
  private final SegmentJournal journal;
  private final StoreProbe probe;

  SegmentRepair(
      MapSegments map,
      SharedMemory memory,
      StoreLayout layout,
      SegmentJournal journal,
      StoreProbe probe) {
    this.map = map;
    this.memory = memory;
    this.layout = layout;
    this.journal = journal;
    this.probe = probe;
  }

  /**
   * True if the segment must be repaired. Nobody but the holder of the guard ever takes Chronicle's
   * lock or writes to the journal, so what is found here can only be a dead holder's.
   */
  boolean isNeeded(SegmentGuard guard) {
    return guard.get(SegmentGuard.PENDING) != 0
        || guard.get(SegmentGuard.REPAIR) != 0
        || map.isLockSet(guard.segment());
  }

  void run(SegmentGuard guard) {
    long start = System.nanoTime();
    List<String> found = restore(guard);
    guard.add(SegmentGuard.RECOVERIES, 1);
    log.warn(
        "segment {} repaired in {} µs after a process died in it: {}",
        guard.segment(),
        TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start),
        found.isEmpty() ? "nothing was wrong" : String.join("; ", found));
  }

  /** Makes the segment whole and tells what was wrong. */
  List<String> restore(SegmentGuard guard) {
    int segment = guard.segment();
    List<String> found = new ArrayList<>();
    probe.at(StoreProbe.Point.REPAIR_STARTED);
    long picture = memory.addressOf(layout.pictureAt(segment));
    if (guard.get(SegmentGuard.REPAIR) == PICTURE_TAKEN) {
      found.add("an earlier repair was cut");
      map.copyMetadataFrom(picture, segment);
    } else {
      map.copyMetadataTo(picture, segment);
      guard.publish(SegmentGuard.REPAIR, PICTURE_TAKEN);
    }
    probe.at(StoreProbe.Point.PICTURE_TAKEN);
    map.resetLock(segment);
    probe.at(StoreProbe.Point.LOCK_RESET);
    map.recover(segment, found::add);
    probe.at(StoreProbe.Point.TIER_RECOVERED);
    journal.replay(guard, (key, value) -> found.add(replay(segment, key, value)));
    probe.at(StoreProbe.Point.REPLAYED);
    recount(guard);
    guard.publish(SegmentGuard.REPAIR, 0);
    probe.at(StoreProbe.Point.PICTURE_DROPPED);
    journal.clearAfterReplay(guard);
    probe.at(StoreProbe.Point.REPLAY_CLEARED);
    return found;
  }

  private String replay(int segment, byte[] key, byte @Nullable [] value) {
    if (value == null) {
      map.remove(key);
      return "finished a removal";
    }
    try {
      map.put(key, value, probe);
      return "finished a write";
    } catch (IllegalStateException | IllegalArgumentException full) {
      // Its writer would have been told the same: what was stored before is still there.
      map.resetLock(segment);
      map.recover(segment, ignored -> {});
      return "a write was cut that had no room";
    }
  }

  private void recount(SegmentGuard guard) {
    long[] total = new long[2];
    map.visit(
        guard.segment(),
        entry -> {
          total[0]++;
          total[1] += entry.valueBytes();
          return true;
        });
    guard.set(SegmentGuard.ENTRIES, total[0]);
    guard.set(SegmentGuard.BYTES, total[1]);
    guard.set(SegmentGuard.EARLIEST, 0); // the next sweep looks
  }
}
