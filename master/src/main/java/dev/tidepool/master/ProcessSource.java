package dev.tidepool.master;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the supervisor learns what the kernel says of its workers' processes. */
interface ProcessSource {
  /** As in /proc/PID/stat; X if there is none. */
  char state(int pid);

  /** See {@link ProcessMemory#ownBytes}; read at once. */
  long ownMemory(int pid);

  /** How long its I/O threads have run, in nanoseconds; read at once. */
  long ioNanos(int pid);

  /** The last that was seen of a process that is watched, or null. */
  @Nullable ProcessVitals vitals(int pid);

  /** Looks at these, and at no others, once in each interval. */
  void watch(Set<Integer> pids, Duration interval);
}
