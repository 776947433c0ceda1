package dev.tidepool.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What only a pool has: reloads, workers that die and start, sessions that all workers share. */
final class PoolCosts {
  private static final int WORKERS = 4;
  private static final int RATE = 500;
  private static final String[] SESSION_REQUESTS = {
    "GET /hello", "GET /session/counter", "POST /session/counter"
  };

  private final Workplace at;
  private final Duration round;

  PoolCosts(Workplace at, Duration round) {
    this.at = at;
    this.round = round;
  }

  /**
   * Under load.
   *
   * @param millis from the command to the last worker of the new generation
   * @param lost requests, over all reloads, that were not answered on their connection
   */
  record Reloads(Rounds millis, long requests, long lost) {}

  Reloads reloads(int count) throws IOException, InterruptedException {
    var millis = new ArrayList<Double>();
    try (var pool = pool(WORKERS, "workers.spares=1", "drain.idle-window=1s");
        var status = new PoolStatus(pool.admin());
        var load = new OpenLoop(pool.address(), RATE)) {
      for (int i = 0; i < count; i++) {
        TimeUnit.SECONDS.sleep(i == 0 ? 1 : 3); // the generation before is watched for 2 s
        List<Integer> old = status.serving();
        long begin = System.nanoTime();
        pool.reload();
        long end =
            status.await(pids -> pids.size() == WORKERS && pids.stream().noneMatch(old::contains));
        millis.add((end - begin) / 1e6);
      }
      TimeUnit.SECONDS.sleep(2); // the last old generation drains
      long requests = load.latencies(Long.MIN_VALUE, Long.MAX_VALUE).count();
      return new Reloads(new Rounds(millis), requests, load.failures());
    }
  }

  /** Longest times without an answer on the address, in milliseconds, when a worker is killed. */
  Rounds gaps(int count) throws IOException, InterruptedException {
    var millis = new ArrayList<Double>();
    try (var pool = pool(WORKERS, "workers.spares=1");
        var status = new PoolStatus(pool.admin());
        var client = new AddressGap(pool.address())) {
      for (int i = 0; i < count; i++) {
        RecoveryBenchmark.awaitSpare(status);
        TimeUnit.SECONDS.sleep(1); // its start is over
        int victim = status.serving().get(0);
        client.takeLongest();
        RecoveryBenchmark.signal(victim, "KILL");
        status.await(pids -> pids.size() == WORKERS && !pids.contains(victim));
        millis.add(client.takeLongest() / 1e6);
      }
    }
    return new Rounds(millis);
  }

  /** Start of a worker with class archive to that without, each from a kill to serving. */
  Rounds archivedStarts(int count) throws IOException, InterruptedException {
    String[] bare = {"workers.restart-delay=10ms", "workers.restart-delay-max=10ms"};
    var ratios = new ArrayList<Double>();
    try (var with = pool(1, "warm-up.limit=0s", bare[0], bare[1]);
        var without = pool(1, "class-archive.enabled=false", "warm-up.limit=0s", bare[0], bare[1]);
        var withStatus = new PoolStatus(with.admin());
        var withoutStatus = new PoolStatus(without.admin())) {
      for (int i = 0; i < count; i++) {
        TimeUnit.SECONDS.sleep(1);
        double archived = respawnNanos(withStatus);
        ratios.add(archived / respawnNanos(withoutStatus));
      }
    }
    return new Rounds(ratios);
  }

  private static double respawnNanos(PoolStatus status) throws IOException, InterruptedException {
    int victim = status.serving().get(0);
    long begin = System.nanoTime();
    RecoveryBenchmark.signal(victim, "KILL");
    return status.await(pids -> pids.size() == 1 && !pids.contains(victim)) - begin;
  }

  /** Throughput of sessions that are read, and of sessions that are written, to /hello. */
  record SessionRatios(Rounds read, Rounds written) {}

  SessionRatios sessions(int count) throws IOException, InterruptedException {
    var read = new ArrayList<Double>();
    var written = new ArrayList<Double>();
    try (var pool = pool(WORKERS)) {
      var cost = new SessionCost(pool.address(), at.scratch());
      for (int i = 0; i <= count; i++) {
        double[] rates = new double[SESSION_REQUESTS.length];
        for (int k = 0; k < rates.length; k++) {
          int turn = (k + i) % rates.length;
          rates[turn] = cost.rate(SESSION_REQUESTS[turn], round);
        }
        if (i > 0) { // the first round only warms up
          read.add(rates[1] / rates[0]);
          written.add(rates[2] / rates[0]);
        }
      }
    }
    return new SessionRatios(new Rounds(read), new Rounds(written));
  }

  private TestedPool pool(int workers, String... settings)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of(settings));
    all.add("class-archive.dir=" + at.archives());
    return TestedPool.start(at.distribution(), workers, all.toArray(String[]::new));
  }
}
