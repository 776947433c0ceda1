package dev.tidepool.master;

import dev.tidepool.conf.CanarySettings;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a new generation is let through, by what it and the old one did in the same time:
 *
 * <ul>
 *   <li>Too many errors, beyond chance: rolled back at once.
 *   <li>{@code time} is over: rolled back if it is slower or takes more memory, beyond chance; let
 *       through if it has answered {@code requests} and nothing is above its limit.
 *   <li>Not enough requests to tell: it goes on, until {@code limit}. Then it is rolled back: what
 *       nobody has used is not known to be good.
 * </ul>
 *
 * A latency needs {@code requests} of the old generation to compare with; one that hardly serves
 * any more must not keep its successor out.
 */
final class CanaryRule {
  /** So many bad requests may be an accident, of whatever number. */
  private static final int ACCIDENT = 4;

  private final CanarySettings settings;

  CanaryRule(CanarySettings settings) {
    this.settings = settings;
  }

  enum Outcome {
    GO_ON,
    LET_THROUGH,
    ROLL_BACK
  }

  /** {@code reason} is empty while it goes on without anything to complain of. */
  record Decision(Outcome outcome, String reason) {}

  Decision decide(Duration since, CanaryFigures fresh, CanaryFigures old) {
    if (fresh.errors() > ACCIDENT && excessOfErrors(fresh, old) > settings.errors()) {
      return new Decision(Outcome.ROLL_BACK, errors(fresh, old));
    }
    if (since.compareTo(settings.time()) < 0) {
      return new Decision(Outcome.GO_ON, "");
    }
    String bad = tooSlow(fresh, old) ? latency(fresh, old) : memory(fresh, old);
    if (bad != null) {
      return new Decision(Outcome.ROLL_BACK, bad);
    }
    String doubt = doubt(fresh, old);
    if (doubt == null) {
      return new Decision(Outcome.LET_THROUGH, "");
    }
    return since.compareTo(settings.limit()) < 0
        ? new Decision(Outcome.GO_ON, doubt)
        : new Decision(Outcome.ROLL_BACK, doubt + " (reload.canary.limit is over)");
  }

  /** Why it cannot be let through yet, or null. */
  private @Nullable String doubt(CanaryFigures fresh, CanaryFigures old) {
    if (fresh.requests() < settings.requests()) {
      return fresh.requests() + " requests of reload.canary.requests = " + settings.requests();
    }
    double more =
        Wilson.share(fresh.errors(), fresh.requests()) - Wilson.share(old.errors(), old.requests());
    if (more > settings.errors()) {
      return errors(fresh, old);
    }
    return comparable(old) && fresh.latencyNanos() > latencyLimit(old) ? latency(fresh, old) : null;
  }

  private static double excessOfErrors(CanaryFigures fresh, CanaryFigures old) {
    return old.requests() == 0 // nobody asks the old one any more: then it makes no errors either
        ? Wilson.lower(fresh.errors(), fresh.requests())
        : Wilson.excess(fresh.errors(), fresh.requests(), old.errors(), old.requests());
  }

  private boolean tooSlow(CanaryFigures fresh, CanaryFigures old) {
    long slow = comparable(old) ? fresh.slowerThan(latencyLimit(old)) : 0;
    return slow > ACCIDENT && Wilson.lower(slow, fresh.requests()) > 1 - CanaryFigures.QUANTILE;
  }

  private boolean comparable(CanaryFigures old) {
    return old.requests() >= settings.requests();
  }

  private double latencyLimit(CanaryFigures old) {
    return settings.latency() * old.latencyNanos() + settings.latencySlack().toNanos();
  }

  private @Nullable String memory(CanaryFigures fresh, CanaryFigures old) {
    boolean tooMuch =
        old.memoryBytes() > 0 && fresh.memoryBytes() > settings.memory() * old.memoryBytes();
    return tooMuch
        ? String.format(
            Locale.ROOT,
            "%d MiB of memory, the old one %d MiB (reload.canary.memory = %s)",
            fresh.memoryBytes() >> 20,
            old.memoryBytes() >> 20,
            settings.memory())
        : null;
  }

  private String errors(CanaryFigures fresh, CanaryFigures old) {
    return String.format(
        Locale.ROOT,
        "%d errors in %d requests, the old one %d in %d (reload.canary.errors = %s)",
        fresh.errors(),
        fresh.requests(),
        old.errors(),
        old.requests(),
        settings.errors());
  }

  private String latency(CanaryFigures fresh, CanaryFigures old) {
    return String.format(
        Locale.ROOT,
        "p95 of %s, the old one %s (reload.canary.latency = %s)",
        fresh.latency(),
        old.latency(),
        settings.latency());
  }
}
