package dev.tidepool.master;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Processor time of the I/O threads of workers, as the kernel counts it per thread. */
final class IoThreads {
  private static final int MOST = 500; // processes that are remembered
  private static final String NAME = "http I/O-"; // as the worker names them

  /** By process; also of some that have gone. */
  private final Map<Integer, List<Path>> threads = new HashMap<>();

  /**
   * Nanoseconds that the I/O threads of a process have run on a processor, together; the time that
   * they waited for one is not counted. 0 if the process has gone, or the kernel does not count.
   */
  long nanos(int pid) {
    try {
      long sum = 0;
      List<Path> known = threads.get(pid);
      if (known == null) {
        if (threads.size() == MOST) {
          threads.clear();
        }
        known = of(pid);
        threads.put(pid, known);
      }
      for (Path thread : known) {
        String times = Files.readString(thread.resolve("schedstat"));
        sum += Long.parseLong(times.substring(0, times.indexOf(' ')));
      }
      return sum;
    } catch (IOException | RuntimeException e) {
      threads.remove(pid);
      return 0;
    }
  }

  private static List<Path> of(int pid) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : all) {
        if (Files.readString(thread.resolve("comm")).startsWith(NAME)) {
          found.add(thread);
        }
      }
    }
    return found;
  }
}
