package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.flag;
import static dev.tidepool.conf.SettingRow.row;
import static dev.tidepool.conf.SettingRow.size;
import static dev.tidepool.conf.SettingRow.time;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of workers: how many, and how each is run. */
final class WorkerRows {
  private WorkerRows() {}

  static List<SettingRow> all() {
    return List.of(
        count("workers.count", 7, 1, 128, s -> s.workers().count()),
        row(
            "workers.min",
            "1",
            1,
            s -> s.workers().min(),
            bad("-1", "0 to 128"),
            bad("129", "0 to 128"),
            bad("3", "expected at most workers.count = 2")),
        row(
            "workers.max",
            "9",
            9,
            s -> s.workers().max(),
            bad("-1", "0 to 128"),
            bad("129", "0 to 128"),
            bad("1", "expected at least workers.count = 2")),
        count("workers.spares", 3, 0, 16, s -> s.workers().spares()),
        count("workers.io-threads", 5, 1, 64, s -> s.workers().ioThreads()),
        count("workers.task-threads", 77, 1, 1000, s -> s.workers().taskThreads()),
        count("workers.waiting-threads", 10, 0, 10_000, s -> s.workers().waitingThreads()),
        count("workers.task-queue", 10, 0, 1_000_000, s -> s.workers().taskQueue()),
        flag("workers.virtual-threads", true, s -> s.workers().virtualThreads()),
        row(
            "workers.java-home",
            "/opt/jdk",
            Optional.of(Path.of("/opt/jdk")),
            s -> s.workers().javaHome(),
            bad("jdk", "expected an absolute path, or empty"),
            bad("[]", "expected a path")),
        size(
            "workers.heap",
            "512 MiB",
            512L << 20,
            "16 MiB to 64 GiB",
            s -> s.workers().heapBytes()),
        row(
            "workers.young-generation",
            "9 MiB",
            9L << 20,
            s -> s.workers().youngGenerationBytes(),
            bad("1 KiB", "1 MiB to 16 GiB"),
            bad("17 GiB", "1 MiB to 16 GiB"),
            bad("256 MiB", "expected less than workers.heap = 256 MiB")),
        flag("workers.share-archive-pages", false, s -> s.workers().shareArchivePages()),
        row(
            "workers.jvm-options",
            "[\"-Xint\"]",
            List.of("-Xint"),
            s -> s.workers().jvmOptions(),
            bad("-Xint", "expected a list"),
            bad("[Xint]", "expected each option to begin with \"-\""),
            bad("[[]]", "expected a list of texts")),
        row(
            "workers.environment",
            "{A=b, N=1}",
            Map.of("A", "b", "N", "1"),
            s -> s.workers().environment(),
            bad("x", "expected a section"),
            bad("{A{b=1}}", "not A"),
            bad("{\"A=B\"=1}", "not A=B"),
            bad("{A=null}", "not A")),
        row(
            "workers.user",
            "www-data",
            Optional.of("www-data"),
            s -> s.workers().isolation().user(),
            bad("\"--help\"", "expected the name of a user, a number, or empty"),
            bad("[]", "expected a text")),
        row(
            "workers.group",
            "1000",
            Optional.of("1000"),
            s -> s.workers().isolation().group(),
            bad("\"a b\"", "expected the name of a group, a number, or empty")),
        count("workers.nice", 5, -20, 19, s -> s.workers().isolation().nice()),
        count("workers.start-nice", 7, 0, 19, s -> s.workers().isolation().startNice()),
        count("workers.compile-nice", 3, 0, 19, s -> s.workers().isolation().compileNice()),
        row(
            "workers.cpu-affinity",
            "\"0-3:2,6\"",
            Optional.of("0-3:2,6"),
            s -> s.workers().isolation().sharedCores(),
            bad("all", "expected \"auto\", a list of cores"),
            bad("\"1,\"", "expected \"auto\", a list of cores")),
        count(
            "workers.open-files", 4096, 0, 1_000_000_000, s -> s.workers().isolation().openFiles()),
        row(
            "workers.core-size",
            "0 B",
            Optional.of(0L),
            s -> s.workers().isolation().coreBytes(),
            bad("unlimited", "expected a size, 0 B to 1 TiB, or empty"),
            bad("2 TiB", "expected a size, 0 B to 1 TiB, or empty")),
        row(
            "workers.memory-limit",
            "1 GiB",
            Optional.of(1L << 30),
            s -> s.workers().isolation().memoryBytes(),
            bad("1 MiB", "expected a size, 64 MiB to 1 TiB, or empty"),
            bad("256 MiB", "expected more than workers.heap = 256 MiB")),
        time(
            "workers.start-timeout",
            "30 s",
            Duration.ofSeconds(30),
            "1 s to 1 h",
            s -> s.workers().startTimeout()),
        time(
            "workers.stop-timeout",
            "1 s",
            Duration.ofSeconds(1),
            "100 ms to 10 m",
            s -> s.workers().stopTimeout()),
        row(
            "workers.restart-delay",
            "20 ms",
            Duration.ofMillis(20),
            s -> s.workers().restartDelay(),
            bad("1 ms", "10 ms to 1 m"),
            bad("61 s", "10 ms to 1 m"),
            bad("50 s", "expected at most workers.restart-delay-max = 30 s")),
        time(
            "workers.restart-delay-max",
            "40 s",
            Duration.ofSeconds(40),
            "10 ms to 1 h",
            s -> s.workers().restartDelayMax()),
        time(
            "workers.restart-reset",
            "1.5 s",
            Duration.ofMillis(1500),
            "1 s to 1 h",
            s -> s.workers().restartReset()),
        count("workers.start-attempts", 9, 1, 100, s -> s.workers().startAttempts()));
  }
}
