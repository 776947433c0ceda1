package dev.tidepool.master;

import dev.tidepool.control.WorkerMessage;
import java.util.Collection;
import java.util.stream.Collectors;

/** What a reload did, in numbers. */
final class Receipt {
  private final long startedAt;
  private final long servedBefore;
  private final AcceptQueue queueBefore = AcceptQueue.now();
  private int drained;
  private int longLived;
  private int cut;

  Receipt(long now, long servedBefore) {
    this.startedAt = now;
    this.servedBefore = servedBefore;
  }

  void drained(WorkerMessage.Drained message) {
    drained += message.drainedConnections();
    longLived += message.longLived();
    cut += message.cutConnections();
  }

  String text(Generation generation, Collection<Worker> workers, long now, long servedNow) {
    AcceptQueue dropped = AcceptQueue.now().since(queueBefore);
    String pids =
        workers.stream()
            .map(w -> Integer.toString(w.process().pid()))
            .collect(Collectors.joining(" "));
    return ("%s serves after %d ms: pids %s; %d requests served meanwhile, %d connections drained%s, "
            + "%d cut at the deadline, accept queue: %d overflows, %d drops")
        .formatted(
            generation,
            (now - startedAt) / 1_000_000,
            pids,
            servedNow - servedBefore,
            drained,
            longLived(longLived),
            cut,
            dropped.overflows(),
            dropped.drops());
  }

  /** Of connections that ended: how many of them the app was told to end, if any. */
  static String longLived(int connections) {
    return connections == 0 ? "" : " (the app was told to end " + connections + ")";
  }
}
