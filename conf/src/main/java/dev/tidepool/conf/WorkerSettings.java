package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Number, resources and restart policy of the workers; sizes in bytes.
 *
 * @param min 0 for {@code count}, see {@link #smallest}
 * @param max 0 for {@code count}, see {@link #largest}
 */
public record WorkerSettings(
    int count,
    int min,
    int max,
    int spares,
    int ioThreads,
    int taskThreads,
    int waitingThreads,
    int taskQueue,
    boolean virtualThreads,
    Optional<Path> javaHome,
    long heapBytes,
    long youngGenerationBytes,
    boolean shareArchivePages,
    List<String> jvmOptions,
    Map<String, String> environment,
    IsolationSettings isolation,
    Duration startTimeout,
    Duration stopTimeout,
    Duration restartDelay,
    Duration restartDelayMax,
    Duration restartReset,
    int startAttempts) {

  static WorkerSettings from(Config root, Problems problems) {
    var in = new Section(root, "workers", problems);
    long heapBytes = in.bytes("heap", "16 MiB", "64 GiB");
    var c =
        new WorkerSettings(
            in.integer("count", 1, 128),
            in.integer("min", 0, 128),
            in.integer("max", 0, 128),
            in.integer("spares", 0, 16),
            in.integer("io-threads", 1, 64),
            in.integer("task-threads", 1, 1000),
            in.integer("waiting-threads", 0, 10_000),
            in.integer("task-queue", 0, 1_000_000),
            in.flag("virtual-threads"),
            in.optionalPath("java-home"),
            heapBytes,
            in.bytes("young-generation", "1 MiB", "16 GiB"),
            in.flag("share-archive-pages"),
            in.texts("jvm-options"),
            environment(in),
            IsolationSettings.from(in, heapBytes),
            in.duration("start-timeout", "1 s", "1 h"),
            in.duration("stop-timeout", "100 ms", "10 m"),
            in.duration("restart-delay", "10 ms", "1 m"),
            in.duration("restart-delay-max", "10 ms", "1 h"),
            in.duration("restart-reset", "1 s", "1 h"),
            in.integer("start-attempts", 1, 100));
    in.compare(c.smallest() <= c.count, "min", "expected at most", "count");
    in.compare(c.largest() >= c.count, "max", "expected at least", "count");
    in.require(
        c.javaHome.isEmpty() || c.javaHome.get().isAbsolute(),
        "java-home",
        "expected an absolute path, or empty");
    in.compare(
        c.youngGenerationBytes < c.heapBytes, "young-generation", "expected less than", "heap");
    in.require(
        c.jvmOptions.stream().allMatch(option -> option.startsWith("-")),
        "jvm-options",
        "expected each option to begin with \"-\"");
    in.compare(
        c.restartDelay.compareTo(c.restartDelayMax) <= 0,
        "restart-delay",
        "expected at most",
        "restart-delay-max");
    return c;
  }

  /** The least that the pool may shrink to. */
  public int smallest() {
    return min == 0 ? count : min;
  }

  /** The most that the pool may grow to. */
  public int largest() {
    return max == 0 ? count : max;
  }

  /** True if the pool finds its size by itself. */
  public boolean dynamic() {
    return smallest() < largest();
  }

  /** The size nearest to {@code size} that a dynamic pool may have; one of fixed size may any. */
  public int within(int size) {
    return dynamic() ? Math.max(smallest(), Math.min(size, largest())) : size;
  }

  private static Map<String, String> environment(Section in) {
    var variables = new TreeMap<String, String>();
    in.free("environment")
        .root()
        .unwrapped()
        .forEach(
            (name, value) -> {
              boolean text =
                  value instanceof String || value instanceof Number || value instanceof Boolean;
              in.require(
                  text && !name.isEmpty() && !name.contains("="),
                  "environment",
                  "expected NAME = a text for each variable, not " + name);
              variables.put(name, String.valueOf(value));
            });
    return Collections.unmodifiableMap(variables);
  }
}
