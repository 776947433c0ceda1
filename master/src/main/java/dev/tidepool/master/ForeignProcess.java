package dev.tidepool.master;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A worker that another master started: a pidfd tells of its end, but not how it ended. */
final class ForeignProcess implements WorkerProcess {
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Posix posix;
  private final int pid;
  private final long startTicks;

  ForeignProcess(Posix posix, int pid, long startTicks) {
    this.posix = posix;
    this.pid = pid;
    this.startTicks = startTicks;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public long startTicks() {
    return startTicks;
  }

  /** True while the pid still names the process that was meant. */
  boolean alive() {
    return posix
        .stat(pid)
        .filter(s -> s.startTicks() == startTicks && s.state() != 'Z' && s.state() != 'X')
        .isPresent();
  }

  @Override
  public boolean signal(Signal signal) {
    return alive() && posix.kill(pid, signal);
  }

  @Override
  public void bindToCoreOf(int slot) {
    List<Integer> cores = posix.cores();
    posix.bindToCore(pid(), cores.get(slot % cores.size()));
  }

  @Override
  public void nice(int more) {
    posix.nice(pid(), more);
  }

  @Override
  public long ownBytes() {
    return ProcessMemory.ownBytes(pid);
  }

  @Override
  public void onExit(Consumer<WorkerExit> callback) {
    Thread watcher =
        new Thread(
            () -> {
              while (alive() && !posix.awaitExit(pid, LOOK)) {
                // a limit per look, so that a pid taken by another process is noticed
              }
              callback.accept(WorkerExit.unknown());
            },
            "exit-of-" + pid);
    watcher.setDaemon(true);
    watcher.start();
  }
}
