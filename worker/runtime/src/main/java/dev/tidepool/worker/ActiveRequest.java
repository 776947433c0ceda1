package dev.tidepool.worker;

import dev.tidepool.control.RequestTable;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One request from its first to its last moment: on its I/O thread, and once that gave it away,
 * wherever it is. It runs the request's tasks, so that it knows their thread.
 */
final class ActiveRequest implements Executor, ExchangeCompletionListener {
  final TrackedConnection connection;
  final HttpServerExchange exchange;
  final long startNanos;
  private final ActiveRequests all;
  private boolean elsewhere;
  private boolean done;
  private int entry = RequestTable.NONE;
  private @Nullable Thread thread;

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
      finished();
      all.finished(this);
    } finally {
      following.proceed();
    }
  }

  private synchronized void finished() {
    done = true;
    if (elsewhere) {
      all.remove(this, entry);
      entry = RequestTable.NONE;
    }
  }

  /** The thread of the task pool that works on it, or null. */
  synchronized @Nullable Thread thread() {
    return thread;
  }

  /** Runs a task of this request in the task pool. */
  @Override
  public void execute(Runnable task) {
    all.tasks().execute(() -> run(task));
  }

  private void run(Runnable task) {
    begins(Thread.currentThread());
    try {
      task.run();
    } finally {
      ends();
      all.taskEnded();
    }
  }

  private synchronized void begins(Thread current) {
    thread = current;
    showThread(current.getName());
  }

  private synchronized void ends() {
    thread = null;
    showThread("");
  }

  private void showThread(String name) {
    if (entry != RequestTable.NONE) {
      all.table().thread(entry, name);
    }
  }
}
