package dev.tidepool.worker;

import dev.tidepool.control.RequestTable;
import dev.tidepool.control.WorkerRecord;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/**
 * The requests in flight, as they are shown on the scoreboard. Most are answered by the I/O thread
 * that read them, and cost no more than a few stores into the entry of that thread.
 */
final class ActiveRequests {
  private final WorkerRecord record;
  private final RequestTable table;
  private final Totals totals;
  private final Goodbye goodbye;
  private final Executor tasks;
  private final RequestTable.Scratch[] scratch;
  private final AtomicReferenceArray<@Nullable ActiveRequest> onIoThread;
  private final Set<ActiveRequest> elsewhere = ConcurrentHashMap.newKeySet();
  private final LongAdder tasksEnded = new LongAdder();

  ActiveRequests(
      WorkerRecord record,
      Totals totals,
      Goodbye goodbye,
      Executor tasks,
      List<XnioIoThread> threads) {
    this.record = record;
    this.table = record.requests();
    this.totals = totals;
    this.goodbye = goodbye;
    this.tasks = tasks;
    this.scratch = new RequestTable.Scratch[threads.size()];
    this.onIoThread = new AtomicReferenceArray<>(threads.size());
    for (XnioIoThread thread : threads) {
      scratch[thread.getNumber()] = new RequestTable.Scratch();
      table.thread(thread.getNumber(), thread.getName());
    }
  }

  /** On the I/O thread that begins to work on it. */
  void begins(ActiveRequest request) {
    int number = request.connection.thread.getNumber();
    show(request, number);
    onIoThread.setRelease(number, request);
  }

  /** The I/O thread is done with it, whether it is answered or not. */
  void leaves(ActiveRequest request) {
    int number = request.connection.thread.getNumber();
    onIoThread.setRelease(number, null);
    table.clear(number);
    if (!request.exchange.isComplete()) {
      request.goesOn();
      if (request.connection.http2Ended()) {
        request.clientGone();
      }
    }
  }

  /** A connection has ended; with HTTP/1 that ends its request as well. */
  void ended(TrackedConnection connection) {
    if (connection.http2Ended() && connection.busy()) {
      for (ActiveRequest request : elsewhere) {
        if (request.connection == connection) {
          request.clientGone();
        }
      }
    }
  }

  private void show(ActiveRequest request, int entry) {
    String method = request.exchange.getRequestMethod().toString();
    int own = request.connection.thread.getNumber();
    String path = request.exchange.getRequestURI();
    table.put(entry, request.startNanos, method, path, scratch[own]);
  }

  /** On its I/O thread; answers its entry. */
  int add(ActiveRequest request) {
    elsewhere.add(request);
    int entry = table.take();
    if (entry != RequestTable.NONE) {
      show(request, entry);
    }
    return entry;
  }

  void remove(ActiveRequest request, int entry) {
    elsewhere.remove(request);
    table.free(entry);
  }

  /** It is answered, and the app and the session are done with it. */
  void finished(ActiveRequest request) {
    HttpServerExchange exchange = request.exchange;
    if (!request.connection.warmUp) {
      totals.served.increment();
      record.latencies().add(System.nanoTime() - request.startNanos);
      if (exchange.getStatusCode() >= StatusCodes.INTERNAL_SERVER_ERROR) {
        record.addError();
      }
    }
    request.connection.requestFinished(exchange.isUpgrade());
  }

  /** The request that the I/O thread of this number works on, or null. */
  @Nullable ActiveRequest onIoThread(int number) {
    return onIoThread.getAcquire(number);
  }

  int ioThreads() {
    return scratch.length;
  }

  Goodbye goodbye() {
    return goodbye;
  }

  RequestTable table() {
    return table;
  }

  Executor tasks() {
    return tasks;
  }

  void taskEnded() {
    tasksEnded.increment();
  }

  /** How many tasks of requests have ended. */
  long tasksEnded() {
    return tasksEnded.sum();
  }

  /** Requests that no I/O thread works on. */
  Set<ActiveRequest> elsewhere() {
    return elsewhere;
  }
}
