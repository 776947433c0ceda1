package dev.tidepool.master;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads /proc on a thread of its own: that takes milliseconds, which the supervisor does not. */
final class ProcessWatch implements ProcessSource {
  /** The proportional memory is only shown, and reading it holds the process up. */
  private static final int LOOKS_PER_WEIGHING = 10;

  private final Posix posix;
  private final IoThreads ioThreads = new IoThreads();
  private final Map<Integer, ProcessVitals> latest = new ConcurrentHashMap<>();
  private volatile Set<Integer> pids = Set.of();
  private volatile Duration interval = Duration.ofSeconds(1);

  ProcessWatch(Posix posix) {
    this.posix = posix;
  }

  ProcessWatch start() {
    var thread = new Thread(this::run, "process-watch");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  @Override
  public char state(int pid) {
    return posix.stat(pid).map(s -> s.state()).orElse('X');
  }

  @Override
  public long ownMemory(int pid) {
    return ProcessMemory.ownBytes(pid);
  }

  @Override
  public long ioNanos(int pid) {
    return ioThreads.nanos(pid);
  }

  @Override
  public @Nullable ProcessVitals vitals(int pid) {
    return latest.get(pid);
  }

  @Override
  public void watch(Set<Integer> watched, Duration each) {
    pids = watched;
    interval = each;
  }

  private void run() {
    for (int look = 0; ; look++) {
      Set<Integer> now = pids;
      latest.keySet().retainAll(now);
      for (int pid : now) {
        try {
          ProcessVitals before = latest.get(pid);
          long proportional =
              before == null || look % LOOKS_PER_WEIGHING == 0
                  ? ProcessVitals.proportional(pid)
                  : before.proportional();
          latest.put(pid, ProcessVitals.of(pid, proportional));
        } catch (IOException e) {
          latest.remove(pid); // its end is on the way
        }
      }
      LockSupport.parkNanos(interval.toNanos());
    }
  }
}
