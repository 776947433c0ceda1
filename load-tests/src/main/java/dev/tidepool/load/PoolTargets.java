package dev.tidepool.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a pool is to reach by itself, and whether it does. Prints what has no target. */
final class PoolTargets {
  private static final int NEWER_JAVA = 25;

  private final PeerPlan plan;
  private final Workplace at;
  private final List<Target> targets = new ArrayList<>();

  private PoolTargets(PeerPlan plan, Workplace at) {
    this.plan = plan;
    this.at = at;
  }

  static List<Target> measure(PeerPlan plan, Workplace at)
      throws IOException, InterruptedException {
    var all = new PoolTargets(plan, at);
    all.proxy();
    all.start(System.getProperty("java.home"));
    if (plan.otherJava().isPresent()) {
      all.start(plan.otherJava().get());
    }
    try (var costs = new PoolCosts(at, plan)) {
      connections(costs);
      all.status(costs);
      all.sessions(costs);
      all.gaps(costs);
      all.reloads(costs);
    }
    return all.targets;
  }

  private void proxy() throws IOException, InterruptedException {
    ProxyCosts.Latency behind = ProxyCosts.measure(plan, at);
    System.out.printf(
        Locale.ROOT,
        "- p99 behind nginx, keepalive 8, at %,d requests/s, open loop: %d workers on one address"
            + " %.2f ms, %2$d pools of one worker and least_conn %.2f ms%n",
        behind.rate(),
        plan.workers(),
        behind.shared().median(),
        behind.apart().median());
    targets.add(
        PeerTargets.most(
            behind.ratio(),
            1.3,
            "p99 behind nginx at 70 % load, one address to ports and least_conn"));
  }

  private void start(String javaHome) throws IOException, InterruptedException {
    WorkerStarts starts = WorkerStarts.measure(at, javaHome, plan.rounds());
    targets.add(
        PeerTargets.most(
            starts.ratio(),
            starts.feature() < NEWER_JAVA ? 0.65 : 0.5,
            "start of a worker, class archive to none, Java " + starts.feature()));
  }

  private static void connections(PoolCosts costs) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "- held connections of each worker, of 8 that arrived one by one: %s, of 64: %s%n",
        costs.spread(8),
        costs.spread(64));
  }

  private void status(PoolCosts costs) throws IOException, InterruptedException {
    targets.add(
        PeerTargets.most(costs.statusSeconds(), 0.3, "s from exec to exit of tidepool status"));
  }

  private void sessions(PoolCosts costs) throws IOException, InterruptedException {
    PoolCosts.SessionRatios sessions = costs.sessions();
    targets.add(PeerTargets.least(sessions.read(), 0.6, "GET /session/counter to /hello"));
    targets.add(PeerTargets.least(sessions.written(), 0.6, "POST /session/counter to /hello"));
  }

  private void gaps(PoolCosts costs) throws IOException, InterruptedException {
    Rounds gaps = costs.gaps();
    System.out.printf(
        Locale.ROOT,
        "- longest gap after a kill of one of %d workers, ms: %.1f (%.1f–%.1f)%n",
        plan.workers(),
        gaps.median(),
        gaps.lowest(),
        gaps.highest());
  }

  private void reloads(PoolCosts costs) throws IOException, InterruptedException {
    PoolCosts.Reloads reloads = costs.reloads();
    System.out.printf(
        Locale.ROOT,
        "- reload of %d workers under load, ms: %s (%s), %,d requests%n",
        plan.workers(),
        reloads.millis().rate(),
        reloads.millis().range(),
        reloads.requests());
    targets.add(
        PeerTargets.most(
            new Rounds(List.of((double) reloads.lost())),
            0,
            "requests lost in " + plan.reloads() + " reloads"));
  }
}
