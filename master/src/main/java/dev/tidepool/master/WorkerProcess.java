package dev.tidepool.master;

import dev.tidepool.posix.Signal;
import java.util.function.Consumer;

/** The process of a worker. Its exit is noticed in one of two ways: as a child, or by a pidfd. */
interface WorkerProcess {
  int pid();

  /** Field 22 of /proc/PID/stat: with the pid, it names a process for ever. */
  long startTicks();

  /** False if it is already gone. */
  boolean signal(Signal signal);

  /** Binds it to the core of a slot: those that this master may run on, in turn. */
  void bindToCoreOf(int slot);

  /** See {@link dev.tidepool.posix.Posix#nice}. */
  void nice(int more);

  /** See {@link ProcessMemory#ownBytes}. */
  long ownBytes();

  /** Calls back once, on any thread, after the exit; {@code callback} should only enqueue. */
  void onExit(Consumer<WorkerExit> callback);
}
