package dev.tidepool.master;

import dev.tidepool.conf.RecycleSettings;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one worker may do, live and grow to; Long.MAX_VALUE is no limit. */
record RecycleLimits(long requests, long servedNanos, long memoryBytes, RecycleSettings settings) {

  /** The jitter follows from the pid: the same at each look, another for each worker. */
  static RecycleLimits of(Worker worker) {
    RecycleSettings settings = worker.generation().settings().recycle();
    double share =
        1 - settings.jitter() * new SplittableRandom(worker.process().pid()).nextDouble();
    return new RecycleLimits(
        limit(settings.requests(), share),
        limit(settings.lifetime().toNanos(), share),
        limit(settings.memoryBytes(), 1),
        settings);
  }

  private static long limit(long configured, double share) {
    return configured == 0 ? Long.MAX_VALUE : Math.max(1, (long) (configured * share));
  }

  boolean limitsMemory() {
    return memoryBytes != Long.MAX_VALUE;
  }

  /** Why a worker with this memory is too large, or null. */
  @Nullable String memoryReason(long bytes) {
    return bytes <= memoryBytes
        ? null
        : "has %d MiB of memory, recycle.memory = %d MiB".formatted(bytes >> 20, memoryBytes >> 20);
  }

  /** Why a worker that served this much, for this long, has done enough, or null. */
  @Nullable String ageReason(long served, long nanos) {
    if (served >= requests) {
      return "answered %d requests, its limit is %d (recycle.requests = %d, less jitter)"
          .formatted(served, requests, settings.requests());
    }
    if (nanos >= servedNanos) {
      return "served for %d s, its limit is %d s (recycle.lifetime = %d s, less jitter)"
          .formatted(
              TimeUnit.NANOSECONDS.toSeconds(nanos),
              TimeUnit.NANOSECONDS.toSeconds(servedNanos),
              settings.lifetime().toSeconds());
    }
    return null;
  }
}
