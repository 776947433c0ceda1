package dev.tidepool.worker;

import dev.tidepool.app.Departure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the apps have open for longer than a request, and ends when the worker leaves. */
final class Departures {
  private static final Logger log = LoggerFactory.getLogger(Departures.class);

  /** {@code loader}: the context in which the app is called. */
  private record Listener(ClassLoader loader, Consumer<Departure> named) {}

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger ended = new AtomicInteger();

  void onDrain(ClassLoader loader, Consumer<Departure> listener) {
    listeners.add(new Listener(loader, listener));
  }

  /** Has the app name what is open, and ends each of it within {@code spread}. */
  void begin(Duration spread) {
    if (listeners.isEmpty()) {
      return;
    }
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            run -> {
              var made = new Thread(run, "departures");
              made.setDaemon(true);
              return made;
            });
    for (Listener listener : listeners) {
      Departure departure =
          end -> {
            long delay = ThreadLocalRandom.current().nextLong(spread.toNanos() + 1);
            Runnable inItsLoader = () -> end(listener.loader, end);
            var unused = thread.schedule(inItsLoader, delay, TimeUnit.NANOSECONDS);
          };
      thread.execute(() -> tell(listener, departure));
    }
  }

  private static void tell(Listener listener, Departure departure) {
    try {
      Thread.currentThread().setContextClassLoader(listener.loader);
      listener.named.accept(departure);
    } catch (RuntimeException | LinkageError e) {
      log.error("drain: the app did not name all its long-lived connections", e);
    }
  }

  private void end(ClassLoader loader, Runnable end) {
    try {
      Thread.currentThread().setContextClassLoader(loader);
      ended.incrementAndGet();
      end.run();
    } catch (RuntimeException | LinkageError e) {
      log.warn("drain: the app could not end a long-lived connection: {}", Causes.describe(e));
    }
  }

  /** How many the app was told to end. */
  int ended() {
    return ended.get();
  }
}
