package dev.tidepool.master;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.util.List;
import java.util.function.Consumer;

/** A worker that this master started; the JDK reaps it. */
final class ChildProcess implements WorkerProcess {
  private final Posix posix;
  private final Process process;
  private final long startTicks;

  ChildProcess(Posix posix, Process process) {
    this.posix = posix;
    this.process = process;
    this.startTicks = posix.stat(pid()).map(Posix.ProcessStat::startTicks).orElse(0L);
  }

  @Override
  public int pid() {
    return Math.toIntExact(process.pid());
  }

  @Override
  public long startTicks() {
    return startTicks;
  }

  @Override
  public boolean signal(Signal signal) {
    return process.isAlive() && posix.kill(pid(), signal);
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
    return ProcessMemory.ownBytes(pid());
  }

  @Override
  public void onExit(Consumer<WorkerExit> callback) {
    var unused =
        process.onExit().thenAccept(ended -> callback.accept(WorkerExit.of(ended.exitValue())));
  }
}
