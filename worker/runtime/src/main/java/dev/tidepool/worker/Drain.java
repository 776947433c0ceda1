package dev.tidepool.worker;

import dev.tidepool.conf.DrainSettings;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.control.WorkerState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/**
 * Takes a worker out of service without losing a request. The next answer on each connection says
 * {@code Connection: close}, by turns within the ramp if a newer generation serves; connections
 * that stay idle are closed after the idle window; over when none is left, or at the deadline.
 * Steps are taken by one thread that is not an I/O thread.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final int REQUESTS_LOGGED = 10;

  /** A giver that saw us serving just before sends within this. */
  private static final long LATE_GIFTS = TimeUnit.MILLISECONDS.toNanos(50);

  /** A connection that was counted but does not arrive within this never will. */
  private static final long LOST_GIFTS = TimeUnit.MILLISECONDS.toNanos(500);

  private final DrainSettings settings;
  private final int own;
  private final WorkerRecord record;
  private final HttpFront front;
  private final Acceptor acceptor;
  private final Placement placement;
  private final Totals totals;
  private final LongAdder ended;

  private long start;
  private long endedBefore;
  private long emptySince;
  private boolean empty;
  private int cut;
  private CompletableFuture<?> sweep = CompletableFuture.completedFuture(null);
  private CompletableFuture<?> stopped = CompletableFuture.completedFuture(null);

  Drain(
      DrainSettings settings,
      int ownRecord,
      WorkerRecord record,
      HttpFront front,
      Acceptor acceptor,
      Placement placement,
      Totals totals,
      LongAdder ended) {
    this.settings = settings;
    this.own = ownRecord;
    this.record = record;
    this.front = front;
    this.acceptor = acceptor;
    this.placement = placement;
    this.totals = totals;
    this.ended = ended;
  }

  void begin(long now) {
    start = now;
    endedBefore = ended.sum();
    front.goodbye.toAll(
        front.connections.clients(),
        settings.effectiveRamp(),
        now + settings.idleWindow().toNanos());
    record.state(WorkerState.DRAINING); // from here no sibling gives us connections
    placement.leave();
    stopped =
        acceptor
            .stop()
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    log.error("drain: cannot stop accepting", failure);
                  }
                });
  }

  /** Goes on; to be called every few milliseconds. True when the drain is over. */
  boolean step(long now) {
    if (now - start >= settings.timeout().toNanos()) {
      cut();
      return true;
    }
    if (!placement.newerGenerationServes(now)) {
      front.goodbye.hurry();
    }
    if (!sweep.isDone()) {
      return false; // an I/O thread is busy: it has something to serve
    }
    boolean nothingOpen = front.connections.clients() == 0 && totals.inFlight() == 0;
    if (!nothingOpen || !empty) {
      empty = nothingOpen;
      emptySince = now;
    }
    long emptyFor = now - emptySince;
    boolean nothingComing = record.connections() <= 0 || emptyFor > LOST_GIFTS;
    if (empty && stopped.isDone() && emptyFor > LATE_GIFTS && nothingComing) {
      // Two passes have found nothing. The I/O thread read its mailbox since the barrier too, or it
      // could not have finished the sweep; what lands later is taken over by siblings.
      return true;
    }
    sweep = sweep(now);
    return false;
  }

  private CompletableFuture<?> sweep(long now) {
    List<XnioIoThread> threads = front.threads;
    CompletableFuture<?>[] all = new CompletableFuture<?>[threads.size()];
    for (int i = 0; i < all.length; i++) {
      XnioIoThread thread = threads.get(i);
      boolean first = i == 0;
      all[i] = CompletableFuture.runAsync(() -> sweep(thread, first, now), thread);
    }
    return CompletableFuture.allOf(all);
  }

  private void sweep(XnioIoThread thread, boolean first, long now) {
    if (first) {
      placement.takeFrom(own, thread);
    }
    front.connections.on(thread).forEach(front.goodbye::tellHttp2);
    front.connections.closeDrained(thread, now, start, settings.idleWindow().toNanos());
  }

  private void cut() {
    cut = front.connections.clients();
    if (cut > 0 || totals.inFlight() > 0) {
      List<String> requests = front.connections.requestsInFlight(REQUESTS_LOGGED);
      log.warn(
          "drain: {} connections with {} requests cut after {} ms (drain.timeout), among them {}",
          cut,
          totals.inFlight(),
          settings.timeout().toMillis(),
          requests);
    }
  }

  /** Connections that ended by themselves, or were idle, in the drain. */
  int drainedConnections() {
    return (int) (ended.sum() - endedBefore);
  }

  /** Connections that were open at the deadline. */
  int cutConnections() {
    return cut;
  }
}
