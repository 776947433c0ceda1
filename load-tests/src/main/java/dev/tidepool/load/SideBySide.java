package dev.tidepool.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** All contenders at once, which take turns, so that what else the machine does falls on all. */
final class SideBySide {
  private final PeerPlan plan;
  private final Scores scores;
  private final List<TestedServer> servers = new ArrayList<>();

  private SideBySide(PeerPlan plan, Scores scores) {
    this.plan = plan;
    this.scores = scores;
  }

  static void measure(PeerPlan plan, Workplace at, Scores scores)
      throws IOException, InterruptedException {
    var all = new SideBySide(plan, scores);
    try {
      for (Contender contender : plan.contenders()) {
        all.servers.add(TestedServer.start(contender, at));
      }
      all.measure();
    } finally {
      all.servers.forEach(TestedServer::close);
    }
  }

  private void measure() throws IOException, InterruptedException {
    for (TestedServer server : servers) {
      warmUp(server, Wrk::kept, Figure.WARM_KEPT);
      warmUp(server, Wrk::newConnections, Figure.WARM_NEW);
    }
    inTurn(this::kept);
    inTurn(this::newConnections);
    int rate = halfLoad();
    System.out.printf(Locale.ROOT, "- latency at %,d requests/s, open loop%n", rate);
    inTurn(server -> latency(server, rate));
  }

  private void warmUp(TestedServer server, Load.Kind kind, Figure figure)
      throws IOException, InterruptedException {
    scores.add(
        server.contender(),
        figure,
        WarmUp.seconds(() -> load(server, kind).micros(), plan.warmUp()));
  }

  private interface Turn {
    void measure(TestedServer server) throws IOException, InterruptedException;
  }

  /** Who begins changes, and who follows whom; those that ratios are taken of stay neighbours. */
  private void inTurn(Turn turn) throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      List<TestedServer> order = new ArrayList<>(servers);
      Collections.rotate(order, 3 * round);
      if (round % 2 == 1) {
        Collections.reverse(order);
      }
      for (TestedServer server : order) {
        turn.measure(server);
      }
    }
  }

  private void kept(TestedServer server) throws IOException, InterruptedException {
    Load load = load(server, Wrk::kept);
    scores.add(server.contender(), Figure.KEPT, load.rate());
    scores.add(server.contender(), Figure.CPU, load.micros());
  }

  private void newConnections(TestedServer server) throws IOException, InterruptedException {
    Load load = load(server, Wrk::newConnections);
    scores.add(server.contender(), Figure.NEW, load.rate());
    scores.add(server.contender(), Figure.CPU_NEW, load.micros());
  }

  private Load load(TestedServer server, Load.Kind kind) throws IOException, InterruptedException {
    return Load.measure(kind, server.address(), plan.round(), List.of(server.processes()));
  }

  /** Half of what stock Undertow and the open-loop client reach together. */
  private int halfLoad() throws InterruptedException {
    for (TestedServer server : servers) {
      if (server.contender() == Contender.UNDERTOW) {
        return OpenLoop.capacity(server.address(), plan.round()) / 2;
      }
    }
    throw new IllegalStateException("stock Undertow is always measured");
  }

  private void latency(TestedServer server, int rate) throws InterruptedException {
    Latencies latencies = OpenLoop.run(server.address(), rate, plan.round());
    scores.add(server.contender(), Figure.P50, latencies.quantile(0.5) / 1e6);
    scores.add(server.contender(), Figure.P99, latencies.quantile(0.99) / 1e6);
    scores.add(server.contender(), Figure.P999, latencies.quantile(0.999) / 1e6);
  }
}
