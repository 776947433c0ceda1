package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.conf.YoungGenerationSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the size of the young generation: what workers of the present size spent on young
 * collections decides that of the next ones, so that each size is tried before the one after it. A
 * size that was doubled for nothing is given back, as when an app fills a cache, and not tried
 * again until the next generation.
 */
final class YoungSizing {
  private static final int ENOUGH_COLLECTIONS = 10;

  /** Part of one processor: what an idle worker does is not what the size is for. */
  private static final double UNDER_LOAD = 0.1;

  /** Twice as much has helped if it costs at most this part of before; half is to be expected. */
  private static final double HELPED = 0.8;

  private static final long MIB = 1 << 20;
  private static final String IN_COLLECTIONS = " of time in young collections";
  private static final String PROMOTED = " of what it allocated got old";

  private static final List<String> DECIDED_BY_OPTIONS =
      List.of("-Xmn", "-XX:NewSize=", "-XX:MaxNewSize=", "-XX:NewRatio=", "-XX:-UseSerialGC");

  private long configured;
  private int generation;
  private YoungSize present = new YoungSize(0, "");
  private @Nullable Growth growth;
  private long inVain = Long.MAX_VALUE;

  /** The size before, and what is to be less now, for each byte allocated. */
  private record Growth(long from, ToDoubleFunction<YoungFigures> cost, double before, String of) {
    double partOfBefore(YoungFigures figures) {
      return cost.applyAsDouble(figures) / before;
    }
  }

  /** The size for a worker of this generation that starts now. */
  YoungSize next(Settings settings, int ofGeneration) {
    WorkerSettings workers = settings.workers();
    if (workers.jvmOptions().stream()
        .anyMatch(option -> DECIDED_BY_OPTIONS.stream().anyMatch(option::startsWith))) {
      return new YoungSize(0, "workers.jvm-options decide");
    }
    if (!settings.youngGeneration().enabled() || configured != workers.youngGenerationBytes()) {
      configured = workers.youngGenerationBytes();
      present = new YoungSize(configured, "as configured");
      startOver();
    }
    if (ofGeneration > generation) {
      generation = ofGeneration;
      inVain = Long.MAX_VALUE; // the app may be another one
    }
    long allowed = Math.min(present.bytes(), largest(settings));
    allowed = Math.max(allowed, settings.youngGeneration().minBytes());
    if (allowed != present.bytes()) {
      present = new YoungSize(allowed, "as young-generation.min and max allow");
      startOver();
    }
    return present;
  }

  private void startOver() {
    growth = null;
    inVain = Long.MAX_VALUE;
  }

  private static long largest(Settings settings) {
    long share = (long) (settings.workers().heapBytes() * settings.youngGeneration().maxShare());
    return Math.max(settings.workers().youngGenerationBytes(), share / MIB * MIB);
  }

  /**
   * A worker with this size did this for that long. Answers the size of the next ones if that
   * changes it.
   */
  Optional<YoungSize> served(Settings settings, long bytes, YoungFigures figures, Duration time) {
    boolean tells =
        settings.youngGeneration().enabled()
            && bytes == present.bytes()
            && figures.collections() >= ENOUGH_COLLECTIONS
            && figures.threadNanos() >= UNDER_LOAD * time.toNanos();
    if (!tells) {
      return Optional.empty();
    }
    YoungSize before = present;
    Growth grown = growth;
    growth = null;
    if (grown != null && grown.partOfBefore(figures) > HELPED) {
      giveBack(grown, figures);
    } else {
      judge(settings, figures);
    }
    return before.equals(present) ? Optional.empty() : Optional.of(present);
  }

  private void giveBack(Growth grown, YoungFigures figures) {
    inVain = present.bytes();
    present =
        new YoungSize(
            grown.from,
            "%s did not help: %s for each byte allocated was %.0f %% of that before"
                .formatted(mebibytes(inVain), grown.of, 100 * grown.partOfBefore(figures)));
  }

  private void judge(Settings settings, YoungFigures figures) {
    YoungGenerationSettings limits = settings.youngGeneration();
    long bytes = present.bytes();
    double time = figures.time();
    double promotion = figures.promotion();
    if (time > limits.time()) {
      double cost = figures.nanosPerByte();
      grow(
          settings,
          new Growth(bytes, YoungFigures::nanosPerByte, cost, "time in young collections"),
          percent(time) + IN_COLLECTIONS);
    } else if (promotion > limits.promotion()) {
      grow(
          settings,
          new Growth(bytes, YoungFigures::promotion, promotion, "what got old"),
          percent(promotion) + PROMOTED);
    } else if (time < limits.shrinkBelow() * limits.time()
        && promotion < limits.shrinkBelow() * limits.promotion()
        && bytes > limits.minBytes()) {
      present =
          new YoungSize(
              Math.max(bytes / 2 / MIB * MIB, limits.minBytes()),
              "shrunk from %s: %s%s, %s%s"
                  .formatted(
                      mebibytes(bytes),
                      percent(time),
                      IN_COLLECTIONS,
                      percent(promotion),
                      PROMOTED));
    }
  }

  private void grow(Settings settings, Growth wanted, String reason) {
    long more = Math.min(2 * wanted.from, largest(settings));
    if (more > wanted.from && more < inVain) {
      growth = wanted;
      present = new YoungSize(more, "grown from %s: %s".formatted(mebibytes(wanted.from), reason));
    }
  }

  static String mebibytes(long bytes) {
    return bytes / MIB + " MiB";
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * part);
  }
}
