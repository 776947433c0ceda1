package dev.tidepool.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Memory of a process as /proc/PID/status tells it; proc_pid_status(5). */
final class ProcessMemory {
  private ProcessMemory() {}

  /**
   * Bytes that only this process has, in memory or swapped out, which its end would free: what
   * workers share is not blamed on one of them. Counted by the kernel, so reading it costs
   * microseconds; the exact share of each page (smaps_rollup) costs milliseconds and holds up the
   * process. 0 if the process has gone.
   */
  static long ownBytes(int pid) {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
      return 1024 * (kibibytes(lines, "RssAnon:") + kibibytes(lines, "VmSwap:"));
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private static long kibibytes(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }
}
