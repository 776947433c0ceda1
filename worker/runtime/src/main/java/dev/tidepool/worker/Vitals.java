package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;

/** What the JVM knows of its own health, for the scoreboard. By one thread. */
final class Vitals {
  private final WorkerRecord record;
  private final Heartbeat heartbeat;
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final List<MemoryPoolMXBean> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();
  private final Optional<YoungCollections> young = YoungCollections.ofThisJvm();
  private final BufferPoolMXBean direct =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();

  Vitals(WorkerRecord record, Heartbeat heartbeat) {
    this.record = record;
    this.heartbeat = heartbeat;
  }

  void publish() {
    record.loopLagNanos(heartbeat.takeLagNanos());
    record.gcMillis(collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum());
    young.ifPresent(collections -> collections.publish(record));
    record.heapUsed(afterCollection());
    record.heapMax(Runtime.getRuntime().maxMemory());
    record.directMemory(direct.getMemoryUsed());
    record.directMax(Runtime.getRuntime().maxMemory()); // unless -XX:MaxDirectMemorySize says so
    long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    record.deadlocked(deadlocked == null ? 0 : deadlocked.length);
  }

  private long afterCollection() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : heapPools) {
      MemoryUsage usage = pool.getCollectionUsage();
      bytes += usage == null ? 0 : usage.getUsed();
    }
    return bytes;
  }
}
