package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.List;
import java.util.Optional;

/**
 * What the Serial collector spends on the young generation, for the scoreboard. By one thread,
 * which asks now and then: what happened since follows from the counts, without a call for each
 * collection.
 */
final class YoungCollections {
  private final GarbageCollectorMXBean young;
  private final GarbageCollectorMXBean full;
  private final MemoryPoolMXBean eden;
  private final MemoryPoolMXBean old;
  private long youngBefore;
  private long fullBefore;
  private long oldBefore;
  private long allocated;
  private long promoted;

  private YoungCollections(
      GarbageCollectorMXBean young,
      GarbageCollectorMXBean full,
      MemoryPoolMXBean eden,
      MemoryPoolMXBean old) {
    this.young = young;
    this.full = full;
    this.eden = eden;
    this.old = old;
    this.oldBefore = old.getUsage().getUsed();
  }

  /** Those of this JVM; empty if its collector is another one. */
  static Optional<YoungCollections> ofThisJvm() {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    if (collectors.size() != 2 || !collectors.get(0).getName().equals("Copy")) {
      return Optional.empty();
    }
    return Optional.of(
        new YoungCollections(
            collectors.get(0), collectors.get(1), pool("Eden Space"), pool("Tenured Gen")));
  }

  private static MemoryPoolMXBean pool(String name) {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  void publish(WorkerRecord record) {
    long youngNow = young.getCollectionCount();
    long fullNow = full.getCollectionCount();
    long oldNow = old.getUsage().getUsed();
    // Each young collection found Eden full.
    allocated += (youngNow - youngBefore) * eden.getUsage().getCommitted();
    // Only a full collection makes the old generation smaller; what got there before it is not
    // known.
    long oldSince = fullNow == fullBefore ? oldBefore : old.getCollectionUsage().getUsed();
    promoted += Math.max(0, oldNow - oldSince);
    youngBefore = youngNow;
    fullBefore = fullNow;
    oldBefore = oldNow;
    record.youngCollections(youngNow);
    record.youngMillis(young.getCollectionTime());
    record.allocated(allocated);
    record.promoted(promoted);
  }
}
