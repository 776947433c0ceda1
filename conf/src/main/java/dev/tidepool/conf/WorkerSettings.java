package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Number, resources and restart policy of the workers; sizes in bytes. */
public record WorkerSettings(
    int count,
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
    Duration startTimeout,
    Duration stopTimeout,
    Duration restartDelay,
    Duration restartDelayMax,
    Duration restartReset,
    int startAttempts) {

  static WorkerSettings from(Config root, Problems problems) {
    var in = new Section(root, "workers", problems);
    var c =
        new WorkerSettings(
            in.integer("count", 1, 128),
            in.integer("spares", 0, 16),
            in.integer("io-threads", 1, 64),
            in.integer("task-threads", 1, 1000),
            in.integer("waiting-threads", 0, 10_000),
            in.integer("task-queue", 0, 1_000_000),
            in.flag("virtual-threads"),
            in.optionalPath("java-home"),
            in.bytes("heap", "16 MiB", "64 GiB"),
            in.bytes("young-generation", "1 MiB", "16 GiB"),
            in.flag("share-archive-pages"),
            in.texts("jvm-options"),
            environment(in),
            in.duration("start-timeout", "1 s", "1 h"),
            in.duration("stop-timeout", "100 ms", "10 m"),
            in.duration("restart-delay", "10 ms", "1 m"),
            in.duration("restart-delay-max", "10 ms", "1 h"),
            in.duration("restart-reset", "1 s", "1 h"),
            in.integer("start-attempts", 1, 100));
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
