package dev.tidepool.master;

import dev.tidepool.control.WorkerState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what workers in service spend on young collections, one window of time after the other.
 * On the supervisor's thread.
 */
final class YoungWatch {
  private static final Logger log = LoggerFactory.getLogger(YoungWatch.class);
  private static final long LOOK = Duration.ofSeconds(1).toNanos();

  private final Pool pool;
  private final IntFunction<@Nullable ProcessVitals> vitals;
  private final Map<Worker, Window> windows = new HashMap<>();
  private long lookAt = Long.MIN_VALUE;

  /**
   * Watches nobody yet.
   *
   * @param vitals the last that was seen of a process by pid, or null
   */
  YoungWatch(Pool pool, IntFunction<@Nullable ProcessVitals> vitals) {
    this.pool = pool;
    this.vitals = vitals;
  }

  /** What a worker had done when this window began. */
  private record Window(long since, YoungFigures before) {}

  void advance(long now) {
    if (now < lookAt) {
      return;
    }
    lookAt = now + LOOK;
    windows.keySet().retainAll(pool.all());
    pool.all().stream()
        .filter(w -> w.is(WorkerState.SERVING) && w.young().isKnown())
        .forEach(w -> look(w, now));
  }

  private void look(Worker worker, long now) {
    ProcessVitals process = vitals.apply(worker.process().pid());
    if (process == null) {
      return;
    }
    YoungFigures all = YoungFigures.of(pool.record(worker), process);
    Window window = windows.computeIfAbsent(worker, w -> new Window(now, all));
    var settings = worker.generation().settings();
    Duration time = Duration.ofNanos(now - window.since);
    if (time.compareTo(settings.youngGeneration().window()) >= 0) {
      windows.put(worker, new Window(now, all));
      pool.youngSizing()
          .served(settings, worker.young().bytes(), all.since(window.before), time)
          .ifPresent(
              next ->
                  log.info(
                      "{}: the next workers get {} of young generation, {}",
                      worker.identity(),
                      YoungSizing.mebibytes(next.bytes()),
                      next.why()));
    }
  }
}
