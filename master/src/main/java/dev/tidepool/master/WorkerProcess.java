package dev.tidepool.master;

import dev.tidepool.control.WorkerRecord;
import dev.tidepool.posix.Signal;
import java.util.function.Consumer;

/** The process of a worker. */
interface WorkerProcess {
  int pid();

  /** Field 22 of /proc/PID/stat: with the pid, it names a process for ever. */
  long startTicks();

  /** False if it is already gone. */
  boolean signal(Signal signal);

  /** Binds it to the core of a slot: those that this master may run on, in turn. */
  void bindToCoreOf(int slot);

  /**
   * Makes it nicer by {@code more}, and its compilers by {@code compilers}; see {@link
   * dev.tidepool.posix.Posix#nice(int, int)}.
   */
  void nice(int more, int compilers);

  /** See {@link ProcessMemory#ownBytes}. */
  long ownBytes();

  /**
   * Calls back once, on any thread, when the process begins to end, some ms before {@link #onExit}:
   * as soon as nothing of it runs any more, though it has its memory and its descriptors yet. Never
   * if no thread of it holds {@link WorkerRecord#life}; see {@link dev.tidepool.posix.Posix#hold}.
   */
  void onEnding(WorkerRecord record, Runnable callback);

  /** Calls back once, on any thread, after the exit; {@code callback} should only enqueue. */
  void onExit(Consumer<WorkerExit> callback);
}
