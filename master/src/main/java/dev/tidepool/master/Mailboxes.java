package dev.tidepool.master;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.posix.Posix;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Scoreboard records and their mailboxes. The pair of a record stays open for as long as the master
 * lives, and every worker holds it: what lies in it outlives the worker it was sent to.
 */
final class Mailboxes {
  private final Posix posix;
  private final int records;
  private final List<Posix.FdPair> pairs = new ArrayList<>();
  private final BitSet taken = new BitSet();

  Mailboxes(Posix posix, int records) {
    this.posix = posix;
    this.records = records;
  }

  /** Makes sure that {@code wanted} mailboxes are open, and tells these workers of new ones. */
  void open(int wanted, Collection<Worker> workers) {
    while (pairs.size() < Math.min(wanted, records)) {
      pairs.add(posix.packetPair());
      workers.forEach(w -> tell(w, pairs.size() - 1));
    }
  }

  /** A free record, the lowest. */
  int take(Collection<Worker> workers) {
    int record = taken.nextClearBit(0);
    if (record >= records) {
      throw new IllegalStateException("all " + records + " scoreboard records are taken");
    }
    open(record + 1, workers);
    taken.set(record);
    return record;
  }

  void free(int record) {
    taken.clear(record);
  }

  void tellAll(Worker worker) {
    for (int record = 0; record < pairs.size(); record++) {
      tell(worker, record);
    }
  }

  private void tell(Worker worker, int record) {
    Posix.FdPair pair = pairs.get(record);
    worker.send(new MasterMessage.Mailbox(record), pair.first(), pair.second());
  }

  void close() {
    pairs.forEach(
        p -> {
          posix.close(p.first());
          posix.close(p.second());
        });
    pairs.clear();
  }
}
