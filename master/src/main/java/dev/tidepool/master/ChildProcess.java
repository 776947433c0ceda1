package dev.tidepool.master;

import dev.tidepool.control.WorkerRecord;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import dev.tidepool.posix.Signal;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker that this master started; the JDK reaps it. */
final class ChildProcess implements WorkerProcess {
  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);

  /** How soon the watch ends after an exit of which the kernel said nothing. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** In the names of HotSpot's compiler threads, "C2 CompilerThread0", as the kernel cuts them. */
  private static final String COMPILERS = "CompilerThre";

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
  public void nice(int more, int compilers) {
    posix.nice(pid(), more);
    if (compilers != more) {
      posix.nice(pid(), COMPILERS, compilers);
    }
  }

  @Override
  public long ownBytes() {
    return ProcessMemory.ownBytes(pid());
  }

  @Override
  public void onEnding(WorkerRecord record, Runnable callback) {
    var watch =
        new Thread(
            () -> {
              try {
                if (awaitEnding(record)) {
                  callback.run();
                }
              } catch (PosixException e) {
                log.debug("the end of pid {} is noticed by its exit only", pid(), e);
              }
            },
            "end-of-" + pid());
    watch.setDaemon(true);
    watch.start();
  }

  /** False if the record is another worker's before the end was seen. */
  private boolean awaitEnding(WorkerRecord record) {
    boolean ending = false;
    while (!ending && record.pid() == pid() && record.state() != WorkerState.GONE) {
      ending = posix.awaitAbandoned(record.life(), LOOK);
    }
    return ending && record.pid() == pid();
  }

  @Override
  public void onExit(Consumer<WorkerExit> callback) {
    var unused =
        process.onExit().thenAccept(ended -> callback.accept(new WorkerExit(ended.exitValue())));
  }
}
