package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process and all that it started: what they use, from proc(5). */
record ProcessTree(ProcessHandle root) {
  private static final Pattern PSS = Pattern.compile("(?m)^Pss: +(\\d+) kB");

  /** The unit of times in /proc; the kernel shows 100 a second on all machines. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11; // fields after the name in parentheses
  private static final int SYSTEM_TIME = 12;

  List<Long> pids() {
    return Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid).toList();
  }

  /** Processor time of all that live, user and system. */
  double cpuSeconds() throws IOException {
    double sum = 0;
    for (long pid : pids()) {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      sum += cpuTicks(stat) / TICKS_PER_SECOND;
    }
    return sum;
  }

  static double cpuTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Double.parseDouble(fields[USER_TIME]) + Double.parseDouble(fields[SYSTEM_TIME]);
  }

  /** Memory of all, what they share with others counted in part, in megabytes. */
  double pssMegabytes() throws IOException {
    double sum = 0;
    for (long pid : pids()) {
      sum += pssMegabytes(pid);
    }
    return sum;
  }

  static double pssMegabytes(long pid) throws IOException {
    Path file = Path.of("/proc", String.valueOf(pid), "smaps_rollup");
    Matcher pss = PSS.matcher(Files.readString(file));
    if (!pss.find()) {
      throw new IOException(file + " names no Pss");
    }
    return Long.parseLong(pss.group(1)) / 1024.0;
  }
}
