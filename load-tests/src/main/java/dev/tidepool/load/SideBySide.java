package dev.tidepool.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    int rate = halfLoad(server(Contender.UNDERTOW));
    System.out.printf(Locale.ROOT, "- latency at %,d requests/s, open loop%n", rate);
    Map<TestedServer, Integer> lower = lowerRates(rate);
    inTurn(server -> latency(server, lower.getOrDefault(server, rate)));
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

  /** Of those that are not in the class of the others: half of their own. */
  private Map<TestedServer, Integer> lowerRates(int rate) throws InterruptedException {
    var lower = new HashMap<TestedServer, Integer>();
    for (TestedServer server : servers) {
      if (server.contender().onlyIfAsked()) {
        int own = Math.min(rate, halfLoad(server));
        System.out.printf(Locale.ROOT, "- of %s at %,d%n", server.contender().title, own);
        lower.put(server, own);
      }
    }
    return lower;
  }

  private TestedServer server(Contender contender) {
    return servers.stream().filter(each -> each.contender() == contender).findFirst().orElseThrow();
  }

  /** Half of what it and the open-loop client reach together. */
  private int halfLoad(TestedServer server) throws InterruptedException {
    return OpenLoop.capacity(server.address(), plan.round()) / 2;
  }

  private void latency(TestedServer server, int rate) throws InterruptedException {
    Latencies latencies = OpenLoop.run(server.address(), rate, plan.round());
    scores.add(server.contender(), Figure.P50, latencies.quantile(0.5) / 1e6);
    scores.add(server.contender(), Figure.P99, latencies.quantile(0.99) / 1e6);
    scores.add(server.contender(), Figure.P999, latencies.quantile(0.999) / 1e6);
  }
}
