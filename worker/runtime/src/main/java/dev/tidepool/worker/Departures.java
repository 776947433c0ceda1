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

/** What the app has open for longer than a request, and ends when the worker leaves. */
final class Departures {
  private static final Logger log = LoggerFactory.getLogger(Departures.class);

  private final List<Consumer<Departure>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger ended = new AtomicInteger();

  void onDrain(Consumer<Departure> listener) {
    listeners.add(listener);
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
    Departure departure =
        end -> {
          long delay = ThreadLocalRandom.current().nextLong(spread.toNanos() + 1);
          var unused = thread.schedule(() -> end(end), delay, TimeUnit.NANOSECONDS);
        };
    thread.execute(() -> listeners.forEach(listener -> tell(listener, departure)));
  }

  private static void tell(Consumer<Departure> listener, Departure departure) {
    try {
      listener.accept(departure);
    } catch (RuntimeException | LinkageError e) {
      log.error("drain: the app did not name all its long-lived connections", e);
    }
  }

  private void end(Runnable end) {
    try {
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
