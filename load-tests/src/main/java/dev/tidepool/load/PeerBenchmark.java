package dev.tidepool.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tidepool beside what one would take instead of it. Start and memory are measured of one server at
 * a time, since JVMs that run side by side share pages; the rest of all in turns, round by round,
 * so that what else the machine does falls on all of them.
 *
 * <p>Arguments: the distribution, the module with the peers, the directory for {@code bench.json}
 * and {@code bench.svg}, and {@code --short} for a run that only shows that it works, or {@code
 * --full} for more rounds. What servers write stays in the directory for temporary files; the
 * script removes that.
 */
public final class PeerBenchmark {
  private static final List<Contender> FEW =
      List.of(
          Contender.TIDEPOOL_1,
          Contender.UNDERTOW,
          Contender.TOMCAT_TUNED,
          Contender.JETTY_TUNED,
          Contender.NGINX);

  /** Options of a worker that name files of its own. */
  private static final String FILES_AND_LOGS =
      "-Xlog.*|-XX:(ErrorFile|Shared|AOT|ArchiveClasses).*";

  /** A warm-up that takes more than this part of the one before was the last. */
  private static final double SETTLED = 0.95;

  /** More than a server answers, so that the next request is always due. */
  private static final int SATURATION = 1_000_000;

  private final Plan plan;
  private final Workplace at;
  private final Scores scores = new Scores();

  /**
   * How long.
   *
   * @param warmUp load on each before the first round
   * @param warmUps how many of them at most
   * @param rest for memory to settle; above the time between two trims of a worker's heap
   */
  private record Plan(
      List<Contender> contenders,
      int rounds,
      int memoryRounds,
      int reloads,
      Duration round,
      Duration warmUp,
      int warmUps,
      Duration rest) {

    static Plan of(List<String> options) {
      var all = List.of(Contender.values());
      Duration second = Duration.ofSeconds(1);
      if (options.contains("--short")) {
        return new Plan(FEW, 1, 1, 1, second, second, 1, second);
      }
      boolean full = options.contains("--full");
      return new Plan(
          all,
          full ? 9 : 5,
          full ? 3 : 1,
          full ? 100 : 10,
          Duration.ofSeconds(full ? 5 : 2),
          Duration.ofSeconds(full ? 10 : 4),
          10,
          Duration.ofSeconds(2));
    }
  }

  private PeerBenchmark(Plan plan, Workplace at) {
    this.plan = plan;
    this.at = at;
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> options = List.of(arguments);
    Path scratch = Files.createTempDirectory("tidepool-bench");
    var bare =
        new Workplace(
            Path.of(arguments[0]).toAbsolutePath(),
            Path.of(arguments[1]).toAbsolutePath(),
            scratch,
            List.of());
    new PeerBenchmark(Plan.of(options), firstStart(bare)).run(Path.of(arguments[2]));
  }

  private void run(Path results) throws IOException, InterruptedException {
    String machine =
        String.format(
            Locale.ROOT,
            "%d cores, load %.1f, JDK %s",
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            System.getProperty("java.version"));
    System.out.println(machine);
    alone();
    sideBySide();
    System.out.println(new ScoreTable(scores));
    List<Target> targets = new ArrayList<>(PeerTargets.of(scores, Runtime.version().feature()));
    targets.addAll(pool());
    targets.forEach(System.out::println);
    Files.writeString(results.resolve("bench.json"), ScoreJson.of(scores, targets, machine));
    Files.writeString(results.resolve("bench.svg"), ScoreChart.of(scores));
  }

  /** The pool that makes the class archive of all others; it tells the workers' JVM flags. */
  private static Workplace firstStart(Workplace at) throws IOException, InterruptedException {
    try (var pool = TestedServer.start(Contender.TIDEPOOL_1, at)) {
      List<String> flags =
          pool.processes()
              .root()
              .children()
              .flatMap(worker -> Arrays.stream(worker.info().arguments().orElseThrow()))
              .filter(argument -> argument.startsWith("-X"))
              .filter(argument -> !argument.matches(FILES_AND_LOGS))
              .distinct() // the worker and the one that makes the archive
              .toList();
      System.out.println("flags of workers: " + String.join(" ", flags));
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (!hasArchive(at) || pool.processes().pids().size() > 2) {
        if (System.nanoTime() > deadline) {
          throw new IOException("no class archive was made within 2 minutes");
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      return new Workplace(at.distribution(), at.peers(), at.scratch(), flags);
    }
  }

  private static boolean hasArchive(Workplace at) throws IOException {
    if (!Files.isDirectory(at.archives())) {
      return false;
    }
    try (Stream<Path> files = Files.list(at.archives())) {
      return files.anyMatch(file -> file.toString().matches(".*\\.(jsa|aot)"));
    }
  }

  private void alone() throws IOException, InterruptedException {
    for (int round = 0; round < plan.memoryRounds; round++) {
      for (Contender contender : plan.contenders) {
        try (var server = TestedServer.start(contender, at)) {
          ProcessTree processes = server.processes();
          scores.add(contender, Figure.START, server.startMillis());
          sleep(plan.rest);
          scores.add(contender, Figure.PSS_IDLE, processes.pssMegabytes());
          Wrk.kept(server.address(), plan.warmUp);
          Wrk.newConnections(server.address(), plan.round);
          sleep(plan.rest);
          scores.add(contender, Figure.PSS_LOADED, processes.pssMegabytes());
          if (contender.isTidepool()) {
            long master = processes.root().pid();
            scores.add(contender, Figure.PSS_MASTER, ProcessTree.pssMegabytes(master));
          }
        }
      }
    }
  }

  private interface Turn {
    void measure(TestedServer server) throws IOException, InterruptedException;
  }

  private void sideBySide() throws IOException, InterruptedException {
    List<TestedServer> servers = new ArrayList<>();
    try {
      for (Contender contender : plan.contenders) {
        servers.add(TestedServer.start(contender, at));
      }
      for (TestedServer server : servers) {
        warmUp(server);
      }
      rounds(servers, this::kept);
      rounds(servers, this::newConnections);
      int rate = halfLoad(servers);
      System.out.printf(Locale.ROOT, "latency at %,d requests/s, open loop%n%n", rate);
      rounds(servers, server -> latency(server, rate));
    } finally {
      servers.forEach(TestedServer::close);
    }
  }

  /**
   * Until the processor time of a request falls no more: each worker compiles for itself, so that
   * four of them take longer than one JVM.
   */
  private void warmUp(TestedServer server) throws IOException, InterruptedException {
    Wrk.newConnections(server.address(), plan.round);
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; i < plan.warmUps; i++) {
      double now = load(server, plan.warmUp).micros();
      if (now > before * SETTLED) {
        return;
      }
      before = now;
    }
  }

  private record Kept(double rate, double micros) {}

  private static Kept load(TestedServer server, Duration length)
      throws IOException, InterruptedException {
    double before = server.processes().cpuSeconds();
    Wrk.Run run = Wrk.kept(server.address(), length);
    double used = server.processes().cpuSeconds() - before;
    return new Kept(run.rate(), used * 1e6 / run.requests());
  }

  /** Who begins changes, so that nobody always follows the same one. */
  private void rounds(List<TestedServer> servers, Turn turn)
      throws IOException, InterruptedException {
    List<TestedServer> order = new ArrayList<>(servers);
    for (int round = 0; round < plan.rounds; round++) {
      for (TestedServer server : order) {
        turn.measure(server);
      }
      Collections.rotate(order, 3);
    }
  }

  private void kept(TestedServer server) throws IOException, InterruptedException {
    Kept kept = load(server, plan.round);
    scores.add(server.contender(), Figure.KEPT, kept.rate());
    scores.add(server.contender(), Figure.CPU, kept.micros());
  }

  private void newConnections(TestedServer server) throws IOException, InterruptedException {
    Wrk.Run run = Wrk.newConnections(server.address(), plan.round);
    scores.add(server.contender(), Figure.NEW, run.rate());
  }

  /** Half of what stock Undertow and the open-loop client reach together. */
  private int halfLoad(List<TestedServer> servers) throws IOException, InterruptedException {
    for (TestedServer server : servers) {
      if (server.contender() == Contender.UNDERTOW) {
        openLoop(server, SATURATION); // the client warms up too
        return (int) (openLoop(server, SATURATION).count() / plan.round.toSeconds() / 2);
      }
    }
    throw new IllegalStateException("stock Undertow is always measured");
  }

  private void latency(TestedServer server, int rate) throws InterruptedException {
    Latencies latencies = openLoop(server, rate);
    scores.add(server.contender(), Figure.P50, latencies.quantile(0.5) / 1e6);
    scores.add(server.contender(), Figure.P99, latencies.quantile(0.99) / 1e6);
    scores.add(server.contender(), Figure.P999, latencies.quantile(0.999) / 1e6);
  }

  private Latencies openLoop(TestedServer server, int rate) throws InterruptedException {
    try (var load = new OpenLoop(server.address(), rate)) {
      sleep(plan.round);
      return load.latencies(Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  private List<Target> pool() throws IOException, InterruptedException {
    var costs = new PoolCosts(at, plan.round);
    PoolCosts.Reloads reloads = costs.reloads(plan.reloads);
    System.out.printf(
        Locale.ROOT,
        "reload of 4 workers under load, ms: %s (%s), %,d requests%n",
        reloads.millis().rate(),
        reloads.millis().range(),
        reloads.requests());
    Rounds gaps = costs.gaps(plan.rounds);
    System.out.printf(
        Locale.ROOT,
        "longest gap after a kill of one of 4 workers, ms: %.1f (%.1f–%.1f)%n",
        gaps.median(),
        gaps.lowest(),
        gaps.highest());
    PoolCosts.SessionRatios sessions = costs.sessions(plan.rounds);
    double start = Runtime.version().feature() >= 25 ? 0.5 : 0.65;
    return List.of(
        PeerTargets.most(
            new Rounds(List.of((double) reloads.lost())),
            0,
            "requests lost in " + plan.reloads + " reloads"),
        PeerTargets.most(
            costs.archivedStarts(plan.rounds), start, "start of a worker, class archive to none"),
        PeerTargets.least(sessions.read(), 0.6, "GET /session/counter to /hello"),
        PeerTargets.least(sessions.written(), 0.6, "POST /session/counter to /hello"));
  }

  private static void sleep(Duration length) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(length.toMillis());
  }
}
