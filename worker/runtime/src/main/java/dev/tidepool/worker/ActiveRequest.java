package dev.tidepool.worker;

import dev.tidepool.app.Deadline;
import dev.tidepool.control.RequestTable;
import io.undertow.server.ConduitWrapper;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.ConduitFactory;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSinkConduit;

/**
 * One request from its first to its last moment: on its I/O thread, and once that gave it away,
 * wherever it is. It runs the request's tasks, so that it knows their thread.
 */
final class ActiveRequest
    implements Executor, Deadline, ExchangeCompletionListener, ConduitWrapper<StreamSinkConduit> {
  final TrackedConnection connection;
  final HttpServerExchange exchange;
  final long startNanos;
  private final ActiveRequests all;
  private boolean elsewhere;
  private boolean done;
  private boolean clientGone;
  private boolean begun;
  private boolean refused;
  private int entry = RequestTable.NONE;
  private @Nullable Thread thread;
  private @Nullable ClassLoader loader;
  private volatile long extraNanos;
  private volatile boolean timedOut;

  // Of the thread that watches the limits.
  boolean slowNoted;
  long interruptedAt;
  volatile boolean givenUp; // taken back on the I/O thread

  ActiveRequest(
      TrackedConnection connection,
      HttpServerExchange exchange,
      long startNanos,
      ActiveRequests all) {
    this.connection = connection;
    this.exchange = exchange;
    this.startNanos = startNanos;
    this.all = all;
  }

  // ---- where it is ----

  /** Its I/O thread goes on with other work, and it is not answered yet. */
  synchronized void goesOn() {
    if (!done) {
      elsewhere = true;
      entry = all.add(this);
    }
  }

  @Override
  public void exchangeEvent(HttpServerExchange same, NextListener following) {
    try {
      finish();
    } finally {
      connection.completes(following::proceed);
    }
  }

  /**
   * Its connection has ended. Undertow never completes an exchange of HTTP/2 whose stream is gone:
   * it is over once no thread works on it.
   */
  synchronized void clientGone() {
    clientGone = true;
    if (thread == null) {
      finish();
    }
  }

  private synchronized void finish() {
    if (done) {
      return;
    }
    done = true;
    if (elsewhere) {
      all.remove(this, entry);
      entry = RequestTable.NONE;
    }
    all.finished(this);
  }

  /** Its tasks run with this context class loader: their threads may serve other apps, too. */
  void loader(ClassLoader ofItsApp) {
    loader = ofItsApp;
  }

  /** Runs a task of this request in the task pool. */
  @Override
  public void execute(Runnable task) {
    all.tasks().execute(() -> run(task));
  }

  private void run(Runnable task) {
    Thread current = Thread.currentThread();
    if (!begin(current)) {
      all.taskEnded();
      return;
    }
    ClassLoader before = current.getContextClassLoader();
    if (loader != null) {
      current.setContextClassLoader(loader);
    }
    try {
      task.run();
    } finally {
      current.setContextClassLoader(before);
      end();
      all.taskEnded();
    }
  }

  /** False if nothing is to be done: its client has been told so before any task began. */
  private synchronized boolean begin(Thread current) {
    if (refused && !begun) {
      return false;
    }
    begun = true;
    thread = current;
    showThread(current.getName());
    return true;
  }

  /** The pool's thread takes no interrupt along to its next task. */
  private synchronized void end() {
    thread = null;
    showThread("");
    Thread.interrupted();
    if (clientGone) {
      finish();
    }
  }

  private void showThread(String name) {
    if (entry != RequestTable.NONE) {
      all.table().thread(entry, name);
    }
  }

  // ---- how long it may take ----

  @Override
  public void extend(Duration more) {
    synchronized (this) {
      extraNanos += more.toNanos();
    }
  }

  /** For how long it has been worked on, without the time that its app asked for. */
  long ageNanos(long now) {
    return now - startNanos - extraNanos;
  }

  /** The thread of the task pool that works on it, or null. */
  synchronized @Nullable Thread thread() {
    return thread;
  }

  /** Its time is up: answers whether a thread was there to be interrupted. */
  synchronized boolean interrupt() {
    timedOut = true;
    if (thread == null) {
      return false;
    }
    thread.interrupt();
    return true;
  }

  /**
   * No thread was there to be interrupted. Answers whether it still waits for one, or for an event,
   * and is to be answered 503 now; a thread that came meanwhile is interrupted instead.
   */
  synchronized boolean refuse() {
    if (interrupt() || done) {
      return false;
    }
    refused = true;
    return true;
  }

  /** An app that fails since it was interrupted is not to blame for an error of its own. */
  @Override
  public StreamSinkConduit wrap(
      ConduitFactory<StreamSinkConduit> factory, HttpServerExchange same) {
    if (timedOut && exchange.getStatusCode() == StatusCodes.INTERNAL_SERVER_ERROR) {
      exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
    }
    return all.goodbye().wrap(factory, same);
  }

  String describe() {
    return exchange.getRequestMethod() + " " + exchange.getRequestURI();
  }
}
