package dev.tidepool.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What only a pool has: reloads, workers that die, sessions that all workers share. */
final class PoolCosts implements AutoCloseable {
  private static final int RATE = 500;
  private static final String[] SESSION_REQUESTS = {
    "GET /hello", "GET /session/counter", "POST /session/counter"
  };

  /** Commands for each round: one takes a fraction of a second. */
  private static final int COMMANDS = 4;

  private final PeerPlan plan;
  private final Workplace at;
  private final TestedPool pool;
  private final PoolStatus status;

  PoolCosts(Workplace at, PeerPlan plan) throws IOException, InterruptedException {
    this.at = at;
    this.plan = plan;
    pool = at.pool(plan.workers(), "workers.spares=1", "drain.idle-window=1s");
    status = new PoolStatus(pool.admin());
    RecoveryBenchmark.awaitSpare(status);
  }

  /** How {@code count} connections that arrive one by one, and are held, spread. */
  Spread spread(int count) throws IOException {
    return Spread.measure(pool.address(), count, plan.workers());
  }

  /** {@code tidepool status}, from exec to exit, in seconds. */
  Rounds statusSeconds() throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    for (int i = 0; i < COMMANDS * plan.rounds(); i++) {
      long begin = System.nanoTime();
      pool.run("status");
      seconds.add((System.nanoTime() - begin) / 1e9);
    }
    return new Rounds(seconds);
  }

  /** Throughput of sessions that are read, and of sessions that are written, to /hello. */
  record SessionRatios(Rounds read, Rounds written) {}

  SessionRatios sessions() throws IOException, InterruptedException {
    var read = new ArrayList<Double>();
    var written = new ArrayList<Double>();
    var cost = new SessionCost(pool.address(), at.scratch());
    for (String request : SESSION_REQUESTS) {
      WarmUp.seconds(() -> load(cost, request).micros(), plan.warmUp());
    }
    for (int i = 0; i < plan.rounds(); i++) {
      double[] rates = new double[SESSION_REQUESTS.length];
      for (int k = 0; k < rates.length; k++) {
        int turn = (k + i) % rates.length;
        rates[turn] = load(cost, SESSION_REQUESTS[turn]).rate();
      }
      read.add(rates[1] / rates[0]);
      written.add(rates[2] / rates[0]);
    }
    return new SessionRatios(new Rounds(read), new Rounds(written));
  }

  private Load load(SessionCost cost, String request) throws IOException, InterruptedException {
    return Load.measure(
        (address, length) -> cost.run(request, length),
        pool.address(),
        plan.round(),
        List.of(pool.processes()));
  }

  /** Longest times without an answer on the address, in milliseconds, when a worker is killed. */
  Rounds gaps() throws IOException, InterruptedException {
    var millis = new ArrayList<Double>();
    try (var client = new AddressGap(pool.address())) {
      for (int i = 0; i < plan.rounds(); i++) {
        RecoveryBenchmark.awaitSpare(status);
        TimeUnit.SECONDS.sleep(1); // its start is over
        int victim = status.serving().get(0);
        client.takeLongest();
        RecoveryBenchmark.kill(victim);
        status.await(pids -> pids.size() == plan.workers() && !pids.contains(victim));
        TimeUnit.SECONDS.sleep(1); // a gap counts once it has ended
        millis.add(client.takeLongest() / 1e6);
      }
    }
    return new Rounds(millis);
  }

  /**
   * Under load.
   *
   * @param millis from the command to the last worker of the new generation
   * @param lost requests, over all reloads, that were not answered on their connection
   */
  record Reloads(Rounds millis, long requests, long lost) {}

  Reloads reloads() throws IOException, InterruptedException {
    var millis = new ArrayList<Double>();
    try (var load = new OpenLoop(pool.address(), RATE)) {
      for (int i = 0; i < plan.reloads(); i++) {
        TimeUnit.SECONDS.sleep(i == 0 ? 1 : 3); // the generation before is watched for 2 s
        List<Integer> old = status.serving();
        long begin = System.nanoTime();
        pool.reload();
        long end =
            status.await(
                pids -> pids.size() == plan.workers() && pids.stream().noneMatch(old::contains));
        millis.add((end - begin) / 1e6);
      }
      TimeUnit.SECONDS.sleep(2); // the last old generation drains
      long requests = load.latencies(Long.MIN_VALUE, Long.MAX_VALUE).count();
      return new Reloads(new Rounds(millis), requests, load.failures());
    }
  }

  @Override
  public void close() throws IOException {
    status.close();
    pool.close();
  }
}
