package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How soon a pool is whole again: with a warm spare, beside one that starts a worker only when it
 * needs one (a plain respawn); how soon sick workers are found; what the first second of a new
 * generation costs; what all checks cost, and the table of requests in flight alone.
 *
 * <p>Arguments: the distribution, and {@code --short} for a run that only shows that it works.
 */
public final class RecoveryBenchmark {
  private static final int WORKERS = 2;
  private static final int RATE = 1_200;

  private final Path distribution;
  private final boolean shortRun;

  private RecoveryBenchmark(Path distribution, boolean shortRun) {
    this.distribution = distribution;
    this.shortRun = shortRun;
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean shortRun = List.of(arguments).contains("--short");
    var benchmark = new RecoveryBenchmark(Path.of(arguments[0]).toAbsolutePath(), shortRun);
    benchmark.kills();
    benchmark.sickness();
    benchmark.firstSecond();
    benchmark.checks();
  }

  private void kills() throws IOException, InterruptedException {
    System.out.printf("%-44s %22s %22s%n", WORKERS + " workers", "warm spare", "plain respawn");
    try (var spare = pool("workers.spares=1");
        var respawn = pool("workers.spares=0", "workers.restart-delay=10ms")) {
      Kills with = kills(spare, true);
      Kills without = kills(respawn, false);
      row("kill -9 to whole, ms: median", with.whole.median(), without.whole.median());
      row("  lowest", with.whole.lowest(), without.whole.lowest());
      row("  highest", with.whole.highest(), without.whole.highest());
      row("longest gap on the address, ms: median", with.gap.median(), without.gap.median());
      row("  highest", with.gap.highest(), without.gap.highest());
    }
  }

  private record Kills(Rounds whole, Rounds gap) {}

  private Kills kills(TestedPool pool, boolean spare) throws IOException, InterruptedException {
    var whole = new ArrayList<Double>();
    var gap = new ArrayList<Double>();
    try (var status = new PoolStatus(pool.admin());
        var client = new AddressGap(pool.address())) {
      for (int round = 0; round < (shortRun ? 1 : 15); round++) {
        status.await(pids -> pids.size() == WORKERS);
        if (spare) {
          awaitSpare(status);
        }
        TimeUnit.SECONDS.sleep(shortRun ? 0 : 1); // the new worker's own start is over
        int victim = status.serving().get(0);
        client.takeLongest();
        long begin = System.nanoTime();
        kill(victim);
        long end = status.await(pids -> pids.size() == WORKERS && !pids.contains(victim));
        whole.add((end - begin) / 1e6);
        TimeUnit.SECONDS.sleep(1); // a gap counts once it has ended
        gap.add(client.takeLongest() / 1e6);
      }
    }
    return new Kills(new Rounds(whole), new Rounds(gap));
  }

  private void sickness() throws IOException, InterruptedException {
    try (var pool = pool("workers.spares=1", "app.settings.faults=true", "drain.timeout=1s");
        var status = new PoolStatus(pool.admin())) {
      awaitSpare(status);
      int stopped = status.serving().get(0);
      long begin = System.nanoTime();
      signal(stopped, "STOP");
      long end = status.await(pids -> pids.size() == WORKERS && !pids.contains(stopped));
      System.out.printf(Locale.ROOT, "SIGSTOP to replaced: %.0f ms%n", (end - begin) / 1e6);
      signal(stopped, "CONT");
      awaitSpare(status);
      List<Integer> before = status.serving();
      begin = System.nanoTime();
      try (var stuck = new Socket(pool.address().getAddress(), pool.address().getPort())) {
        stuck
            .getOutputStream()
            .write("GET /fault/stuck HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(ISO_8859_1));
        end = status.await(pids -> pids.size() == WORKERS && !pids.equals(before));
      }
      System.out.printf(Locale.ROOT, "stuck task pool to replaced: %.0f ms%n", (end - begin) / 1e6);
    }
  }

  private void firstSecond() throws IOException, InterruptedException {
    var steady = new ArrayList<Double>();
    var fresh = new ArrayList<Double>();
    try (var pool = pool("workers.spares=0", "warm-up.paths=[/hello]"); // what is asked for
        var status = new PoolStatus(pool.admin());
        var load = new OpenLoop(pool.address(), RATE)) {
      TimeUnit.SECONDS.sleep(shortRun ? 1 : 10); // the first generation warms up as well
      for (int round = 0; round < (shortRun ? 1 : 7); round++) {
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(shortRun ? 1 : 3);
        List<Integer> old = status.serving();
        long to = System.nanoTime();
        pool.reload();
        long switched =
            status.await(pids -> pids.size() == WORKERS && pids.stream().noneMatch(old::contains));
        TimeUnit.MILLISECONDS.sleep(shortRun ? 1_500 : 8_000); // and the old one drains
        steady.add(load.latencies(from, to).quantile(0.99) / 1e6);
        fresh.add(load.latencies(switched, switched + 1_000_000_000L).quantile(0.99) / 1e6);
      }
    }
    var before = new Rounds(steady);
    var after = new Rounds(fresh);
    System.out.printf(
        Locale.ROOT,
        "p99 at %d requests/s, open loop: steady %.2f ms, first second of a new generation %.2f ms,"
            + " ratio %.2f%n",
        RATE,
        before.median(),
        after.median(),
        after.median() / before.median());
  }

  private void checks() throws IOException, InterruptedException {
    String[] off = {
      "health.checks.interval=10m",
      "health.checks.deadlock.action=off",
      "health.checks.gc-time.action=off",
      "health.checks.descriptors.action=off",
      "health.heartbeat-timeout=10m",
      "health.stopped-timeout=1h",
      "request.soft-timeout=0s"
    };
    var on = new ArrayList<Double>();
    var without = new ArrayList<Double>();
    Duration length = Duration.ofSeconds(shortRun ? 1 : 5);
    try (var all = pool("workers.spares=0");
        var none = pool(off)) {
      for (int round = 0; round <= (shortRun ? 1 : 9); round++) {
        double first = Wrk.kept((round % 2 == 0 ? all : none).address(), length).rate();
        double second = Wrk.kept((round % 2 == 0 ? none : all).address(), length).rate();
        if (round > 0) { // the first only warms both up
          on.add(round % 2 == 0 ? first : second);
          without.add(round % 2 == 0 ? second : first);
        }
      }
    }
    var with = new Rounds(on);
    var bare = new Rounds(without);
    System.out.printf(
        Locale.ROOT,
        "/hello requests/s: all checks on %s (%s), off %s (%s), ratio %.3f%n",
        with.rate(),
        with.range(),
        bare.rate(),
        bare.range(),
        with.median() / bare.median());
    Rounds table = TableCost.nanos();
    System.out.printf(
        Locale.ROOT,
        "request table: %.0f ns for a request, %.2f %% of the time of a request in the run above%n",
        table.median(),
        table.median() * with.median() / WORKERS / 1e9 * 100);
  }

  static void awaitSpare(PoolStatus status) throws IOException, InterruptedException {
    while (!status.hasSpare()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private TestedPool pool(String... settings) throws IOException, InterruptedException {
    return TestedPool.start(distribution, WORKERS, settings);
  }

  /** By SIGKILL; the program kill(1) would take some of the milliseconds that are measured. */
  static void kill(int pid) throws IOException {
    if (!ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false)) {
      throw new IOException("kill -KILL " + pid + " failed");
    }
  }

  private static void signal(int pid, String signal) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).start().waitFor();
    if (code != 0) {
      throw new IOException("kill -" + signal + " " + pid + " failed: " + code);
    }
  }

  private static void row(String what, double one, double other) {
    System.out.printf(Locale.ROOT, "%-44s %22.1f %22.1f%n", what, one, other);
  }
}
