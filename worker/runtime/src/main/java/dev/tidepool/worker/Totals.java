package dev.tidepool.worker;

import dev.tidepool.control.WorkerRecord;
import java.util.concurrent.atomic.LongAdder;

/** What this worker has done; counted on all threads, published to the scoreboard by ticks. */
final class Totals {
  final LongAdder accepted = new LongAdder();
  final LongAdder handedOver = new LongAdder();
  final LongAdder received = new LongAdder();
  final LongAdder started = new LongAdder();
  final LongAdder served = new LongAdder();
  final LongAdder shed = new LongAdder();
  final LongAdder evicted = new LongAdder();

  long inFlight() {
    // In this order, so that a request that ends in between does not make it negative.
    long ended = served.sum();
    return started.sum() - ended;
  }

  void publishTo(WorkerRecord record) {
    record.accepted(accepted.sum());
    record.handedOver(handedOver.sum());
    record.received(received.sum());
    record.served(served.sum());
    record.inFlight(inFlight());
    record.shed(shed.sum());
    record.evicted(evicted.sum());
  }
}
