package dev.tidepool.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Number, resources and restart policy of the workers; sizes in bytes. */
public record WorkerSettings(
    int count,
    int spares,
    int ioThreads,
    int taskThreads,
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
    int startAttempts) {}
