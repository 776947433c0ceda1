package dev.tidepool.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

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
      Map<String, Long> status = figures(Path.of("/proc/" + pid + "/status"));
      return status.getOrDefault("RssAnon", 0L) + status.getOrDefault("VmSwap", 0L);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The lines like "RssAnon: 1234 kB" of a file of /proc, in bytes. */
  static Map<String, Long> figures(Path file) throws IOException {
    Map<String, Long> found = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split("\\s+", -1);
      if (words.length == 3 && words[2].equals("kB")) {
        found.put(words[0].replace(":", ""), Long.parseLong(words[1]) * 1024);
      }
    }
    return found;
  }
}
