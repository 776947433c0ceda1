package dev.tidepool.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Latency behind nginx with {@code keepalive 8}: a pool whose workers share one address, beside as
 * many pools of one worker, each on a port of its own, which nginx chooses from by {@code
 * least_conn}.
 */
final class ProxyCosts implements AutoCloseable {
  private static final double LOAD = 0.7;

  private final PeerPlan plan;
  private final List<TestedPool> pools = new ArrayList<>();
  private final List<Nginx> proxies = new ArrayList<>();

  private ProxyCosts(PeerPlan plan) {
    this.plan = plan;
  }

  /**
   * What was measured.
   *
   * @param rate requests a second, by an open loop
   * @param shared 99th percentile of the latency in milliseconds
   * @param apart the same of a port for each worker
   * @param ratio of one to the other, in the same round
   */
  record Latency(int rate, Rounds shared, Rounds apart, Rounds ratio) {}

  static Latency measure(PeerPlan plan, Workplace at) throws IOException, InterruptedException {
    try (var costs = new ProxyCosts(plan)) {
      TestedPool all = costs.pool(at, plan.workers());
      costs.proxies.add(new Nginx(at.scratch(), "", List.of(all.address())));
      List<TestedPool> each = new ArrayList<>();
      for (int i = 0; i < plan.workers(); i++) {
        each.add(costs.pool(at, 1));
      }
      costs.proxies.add(
          new Nginx(at.scratch(), "least_conn; ", each.stream().map(TestedPool::address).toList()));
      costs.warmUp();
      return costs.measure();
    }
  }

  private TestedPool pool(Workplace at, int workers) throws IOException, InterruptedException {
    TestedPool pool = at.pool(workers);
    pools.add(pool);
    return pool;
  }

  private void warmUp() throws IOException, InterruptedException {
    List<ProcessTree> processes = pools.stream().map(TestedPool::processes).toList();
    for (Nginx proxy : proxies) {
      WarmUp.seconds(
          () -> Load.measure(Wrk::kept, proxy.address(), plan.round(), processes).micros(),
          plan.warmUp());
    }
  }

  private Latency measure() throws InterruptedException {
    Duration round = plan.round();
    int capacity = Integer.MAX_VALUE;
    for (Nginx proxy : proxies) {
      capacity = Math.min(capacity, OpenLoop.capacity(proxy.address(), round));
    }
    int rate = (int) (LOAD * capacity);
    List<Double> shared = new ArrayList<>();
    List<Double> apart = new ArrayList<>();
    List<Double> ratio = new ArrayList<>();
    for (int i = 0; i < plan.rounds(); i++) {
      double[] millis = new double[2];
      for (int turn : i % 2 == 0 ? new int[] {0, 1} : new int[] {1, 0}) {
        millis[turn] = OpenLoop.run(proxies.get(turn).address(), rate, round).quantile(0.99) / 1e6;
      }
      shared.add(millis[0]);
      apart.add(millis[1]);
      ratio.add(millis[0] / millis[1]);
    }
    return new Latency(rate, new Rounds(shared), new Rounds(apart), new Rounds(ratio));
  }

  @Override
  public void close() throws IOException {
    proxies.forEach(Nginx::close);
    for (TestedPool pool : pools) {
      pool.close();
    }
  }
}
