package dev.tidepool.master;

import org.jspecify.annotations.Nullable;

/** A place in the pool: which generation belongs there, who serves, when the next may start. */
final class Slot {
  private final int index;
  private final RestartBackoff backoff = new RestartBackoff();
  private @Nullable Generation generation;
  private @Nullable Worker worker;

  /** {@code generation} is null until one has come into service here. */
  Slot(int index, @Nullable Generation generation) {
    this.index = index;
    this.generation = generation;
  }

  int index() {
    return index;
  }

  RestartBackoff backoff() {
    return backoff;
  }

  @Nullable Generation generation() {
    return generation;
  }

  /** The worker that serves here or is on its way to; null if there is none. */
  @Nullable Worker worker() {
    return worker;
  }

  void take(@Nullable Worker newWorker) {
    worker = newWorker;
  }

  /** Another generation belongs here now, and has not failed yet. */
  void belongsTo(Generation newGeneration) {
    if (!newGeneration.equals(generation)) {
      generation = newGeneration;
      backoff.reset();
    }
  }
}
