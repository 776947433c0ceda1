package dev.tidepool.master;

import dev.tidepool.conf.ReloadSettings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Deaths of workers that had not served for long, by which a generation that keeps dying is told
 * from one that loses a worker now and then: many of them, in a short time, in more than one place.
 */
final class EarlyDeaths {
  private final Deque<Death> deaths = new ArrayDeque<>();
  private final Map<Generation, String> loops = new HashMap<>();

  private record Death(Generation generation, int place, long at) {}

  /**
   * Takes note of a death, if it was an early one.
   *
   * @param slots size of the pool: with one slot only, one place is enough
   */
  void add(Worker worker, int slots, long now) {
    Generation generation = worker.generation();
    long early = generation.settings().workers().restartReset().toNanos();
    ReloadSettings limits = generation.settings().reload();
    if (limits.fallbackDeaths() == 0 || worker.servedNanos(now) >= early) {
      return;
    }
    deaths.addLast(new Death(generation, worker.slot(), now));
    deaths.removeIf(d -> now - d.at > d.generation.settings().reload().fallbackWindow().toNanos());
    List<Death> own = deaths.stream().filter(d -> d.generation.equals(generation)).toList();
    long places = own.stream().mapToInt(Death::place).distinct().count();
    if (own.size() >= limits.fallbackDeaths() && places >= Math.min(2, slots)) {
      String figures =
          "%d workers in %d places died within %d ms, none had served for %d ms"
              .formatted(
                  own.size(),
                  places,
                  TimeUnit.NANOSECONDS.toMillis(now - own.get(0).at),
                  TimeUnit.NANOSECONDS.toMillis(early));
      loops.putIfAbsent(generation, figures);
    }
  }

  /** The figures of a generation that kept dying at some time; null of one that never did. */
  @Nullable String loop(Generation generation) {
    return loops.get(generation);
  }
}
