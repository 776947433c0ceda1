package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Pools of ever more workers: from start to all serving without a class archive, memory of master
 * and workers after load, and what that load was.
 */
final class WorkerGrowth {
  private final Path distribution;
  private final Duration load;

  WorkerGrowth(Path distribution, Duration load) {
    this.distribution = distribution;
    this.load = load;
  }

  void print(List<Integer> counts) throws IOException, InterruptedException {
    System.out.printf(
        "%n%10s %10s %10s %14s %12s%n",
        "workers", "start ms", "PSS MB", "kept req/s", "CPU µs/req");
    for (int workers : counts) {
      long begin = System.nanoTime();
      try (var pool = TestedPool.start(distribution, workers)) {
        double startMillis = (System.nanoTime() - begin) / 1e6;
        Wrk.kept(pool.address(), load); // warms up
        double before = pool.processes().cpuSeconds();
        Wrk.Run run = Wrk.kept(pool.address(), load);
        double micros = (pool.processes().cpuSeconds() - before) * 1e6 / run.requests();
        System.out.printf(
            Locale.ROOT,
            "%10d %,10.0f %,10.1f %,14.0f %12.1f%n",
            workers,
            startMillis,
            pool.processes().pssMegabytes(),
            run.rate(),
            micros);
      }
    }
  }
}
