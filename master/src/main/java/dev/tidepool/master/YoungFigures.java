package dev.tidepool.master;

import dev.tidepool.control.WorkerRecord;
import java.util.concurrent.TimeUnit;

/**
 * What a worker spent on young collections, from its start or within a time.
 *
 * @param nanos duration of the collections
 * @param allocated bytes that the app allocated
 * @param promoted bytes of these that got into the old generation
 * @param threadNanos how long its threads ran, or waited for a processor, together: as long as a
 *     collection that has to wait is longer too, this tells what part it takes on a busy machine
 */
record YoungFigures(long collections, long nanos, long allocated, long promoted, long threadNanos) {

  /** All since its start. */
  static YoungFigures of(WorkerRecord record, ProcessVitals process) {
    return new YoungFigures(
        record.youngCollections(),
        TimeUnit.MILLISECONDS.toNanos(record.youngMillis()),
        record.allocated(),
        record.promoted(),
        process.ranNanos() + process.waitedNanos());
  }

  YoungFigures since(YoungFigures before) {
    return new YoungFigures(
        collections - before.collections,
        nanos - before.nanos,
        allocated - before.allocated,
        promoted - before.promoted,
        threadNanos - before.threadNanos);
  }

  /** Part of the time that its threads ran. */
  double time() {
    return part(nanos, threadNanos);
  }

  /** Part of what it allocated that got into the old generation. */
  double promotion() {
    return part(promoted, allocated);
  }

  /** Duration of collections for each byte that it allocated, whatever else it did. */
  double nanosPerByte() {
    return part(nanos, allocated);
  }

  private static double part(long some, long all) {
    return all <= 0 ? 0 : (double) some / all;
  }
}
