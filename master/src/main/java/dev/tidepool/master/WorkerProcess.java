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

  /** Memory that is its own: RssAnon of /proc/PID/status, in bytes; 0 if it is gone. */
  long anonymousBytes();

  /** Calls back once, on any thread, after the exit; {@code callback} should only enqueue. */
  void onExit(Consumer<WorkerExit> callback);
}
