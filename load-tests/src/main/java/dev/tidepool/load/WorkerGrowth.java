package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Pools of ever more workers: from start to all serving without a class archive, memory of master
 * and workers after load, and what that load was.
 */
final class WorkerGrowth {
  private final Path distribution;
  private final Duration load;
  private final Duration warmUp;

  WorkerGrowth(Path distribution, Duration load, Duration warmUp) {
    this.distribution = distribution;
    this.load = load;
    this.warmUp = warmUp;
  }

  void print(List<Integer> counts) throws IOException, InterruptedException {
    var table = new MarkdownTable("workers", "start ms", "PSS MB", "kept req/s", "CPU µs/request");
    for (int workers : counts) {
      long begin = System.nanoTime();
      try (var pool = TestedPool.start(distribution, workers, TestedPool.NO_ARCHIVE)) {
        double startMillis = (System.nanoTime() - begin) / 1e6;
        List<ProcessTree> all = List.of(pool.processes());
        WarmUp.seconds(() -> Load.measure(Wrk::kept, pool.address(), load, all).micros(), warmUp);
        Load warm = Load.measure(Wrk::kept, pool.address(), load, all);
        table.row(
            workers, startMillis, pool.processes().pssMegabytes(), warm.rate(), warm.micros());
      }
    }
    System.out.printf("%n%s", table);
  }
}
