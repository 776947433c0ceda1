package dev.tidepool.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the kernel says of a process, see proc(5); sizes in bytes.
 *
 * @param anonymous memory of its own, that of files and shared memory apart
 * @param proportional memory with its part of what it shares (PSS)
 * @param descriptors open ones
 * @param descriptorLimit how many it may open
 * @param ranNanos how long its threads have run, all together
 * @param waitedNanos how long its threads have waited for a processor, all together
 */
record ProcessVitals(
    long anonymous,
    long file,
    long shared,
    long proportional,
    int descriptors,
    long descriptorLimit,
    long ranNanos,
    long waitedNanos) {

  private static final Path PROC = Path.of("/proc");

  /**
   * Reads them; takes about a millisecond.
   *
   * @param proportional as {@link #proportional(int)} answered, now or before
   * @throws IOException if the process is gone
   */
  static ProcessVitals of(int pid, long proportional) throws IOException {
    Path process = PROC.resolve(String.valueOf(pid));
    long[] times = threadTimes(process);
    Map<String, Long> status = ProcessMemory.figures(process.resolve("status"));
    return new ProcessVitals(
        status.getOrDefault("RssAnon", 0L),
        status.getOrDefault("RssFile", 0L),
        status.getOrDefault("RssShmem", 0L),
        proportional,
        descriptors(process),
        descriptorLimit(process),
        times[0],
        times[1]);
  }

  /** Takes some milliseconds, in which the process cannot map memory. */
  static long proportional(int pid) throws IOException {
    return ProcessMemory.figures(PROC.resolve(pid + "/smaps_rollup")).getOrDefault("Pss", 0L);
  }

  static int descriptors(Path process) throws IOException {
    try (Stream<Path> all = Files.list(process.resolve("fd"))) {
      return (int) all.count();
    }
  }

  private static long descriptorLimit(Path process) throws IOException {
    for (String line : Files.readAllLines(process.resolve("limits"))) {
      if (line.startsWith("Max open files")) {
        String soft = line.substring("Max open files".length()).strip().split("\\s+", -1)[0];
        return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
      }
    }
    return Long.MAX_VALUE;
  }

  /** The sums of the first two numbers of each thread's schedstat: it ran, it waited. */
  private static long[] threadTimes(Path process) throws IOException {
    long[] nanos = new long[2];
    try (Stream<Path> threads = Files.list(process.resolve("task"))) {
      for (Path thread : threads.toList()) {
        try {
          String[] numbers = Files.readString(thread.resolve("schedstat")).strip().split(" ", -1);
          nanos[0] += Long.parseLong(numbers[0]);
          nanos[1] += Long.parseLong(numbers[1]);
        } catch (IOException e) {
          // the thread has ended meanwhile, or the kernel keeps no such account
        }
      }
    }
    return nanos;
  }
}
