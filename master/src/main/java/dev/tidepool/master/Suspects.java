package dev.tidepool.master;

import dev.tidepool.conf.PoisonSettings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds requests that kill workers: what was being worked on in several of them when they died. A
 * request that most of the others work on too at that moment is just a frequent one.
 */
final class Suspects {
  private static final Logger log = LoggerFactory.getLogger(Suspects.class);
  private static final int MOST = 1000;

  private final Map<String, Deque<Long>> deaths = new LinkedHashMap<>();
  private final Map<String, Long> blockedUntil = new LinkedHashMap<>();

  /**
   * A worker died.
   *
   * @param running templates of what it worked on
   * @param elsewhere those of what each of the others works on
   * @return those that are to be kept from the app from now on, if so configured
   */
  List<String> died(
      Set<String> running, List<Set<String>> elsewhere, PoisonSettings settings, long now) {
    forget(settings, now);
    Set<String> suspects = new HashSet<>();
    for (String template : running) {
      long sharedBy = elsewhere.stream().filter(other -> other.contains(template)).count();
      if (elsewhere.isEmpty() || 2 * sharedBy <= elsewhere.size()) {
        suspects.add(template);
      }
    }
    for (String each : suspects) {
      if (deaths.size() < MOST || deaths.containsKey(each)) {
        deaths.computeIfAbsent(each, e -> new ArrayDeque<>()).add(now);
      }
    }
    List<String> poisons =
        suspects.stream().filter(s -> count(s) >= settings.deaths()).sorted().toList();
    for (String each : poisons) {
      log.error(
          "{} was being worked on in {} workers when they died (poison.deaths = {}){}",
          each,
          count(each),
          settings.deaths(),
          settings.block().isZero()
              ? ""
              : ": answering it 503 for " + settings.block().toMillis() + " ms (poison.block)");
    }
    if (settings.block().isZero()) {
      return List.of();
    }
    poisons.forEach(each -> blockedUntil.put(each, now + settings.block().toNanos()));
    return poisons;
  }

  /** What is kept from the app, and until when. */
  Map<String, Long> blocked(long now) {
    blockedUntil.values().removeIf(end -> now - end >= 0);
    return blockedUntil;
  }

  private int count(String template) {
    Deque<Long> times = deaths.get(template);
    return times == null ? 0 : times.size();
  }

  private void forget(PoisonSettings settings, long now) {
    for (Deque<Long> times : deaths.values()) {
      while (!times.isEmpty() && now - times.peek() > settings.window().toNanos()) {
        times.remove();
      }
    }
    deaths.values().removeIf(Deque::isEmpty);
  }

  /** How many workers died on each of the named ones. */
  Map<String, Integer> named(PoisonSettings settings, long now) {
    forget(settings, now);
    Map<String, Integer> named = new LinkedHashMap<>();
    deaths.forEach(
        (template, times) -> {
          if (times.size() >= settings.deaths()) {
            named.put(template, times.size());
          }
        });
    return named;
  }
}
