package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two pools side by side, with balance on and off: how connections that arrive one by one spread
 * over the workers, and how many new connections a second each of them takes, in turns.
 *
 * <p>Arguments: the distribution, and {@code --short} for a run that only shows that it works. Exit
 * code 1 if the long run does not reach {@link #WANTED_RATIO}.
 */
public final class BalanceBenchmark {
  /** What the pool with balance must keep of the throughput of the one without. */
  static final double WANTED_RATIO = 0.85;

  private static final int WORKERS = 4;
  private static final int[] CONNECTIONS = {8, 64};

  private BalanceBenchmark() {}

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean shortRun = List.of(arguments).contains("--short");
    Path distribution = Path.of(arguments[0]).toAbsolutePath();
    try (var on = TestedPool.start(distribution, WORKERS, "balance.enabled=true");
        var off = TestedPool.start(distribution, WORKERS, "balance.enabled=false")) {
      System.out.printf("%-34s %24s %24s%n", WORKERS + " workers", "balance on", "balance off");
      for (int count : CONNECTIONS) {
        row(count + " connections one by one", spread(on, count), spread(off, count));
      }
      boolean reached = throughput(on, off, shortRun);
      if (!reached && !shortRun) {
        System.exit(1);
      }
    }
  }

  private static String spread(TestedPool pool, int count) throws IOException {
    return Spread.measure(pool.address(), count, WORKERS).toString();
  }

  private static boolean throughput(TestedPool on, TestedPool off, boolean shortRun)
      throws IOException, InterruptedException {
    int rounds = shortRun ? 1 : 7;
    Duration length = Duration.ofSeconds(shortRun ? 2 : 6);
    var withBalance = new ArrayList<Double>();
    var without = new ArrayList<Double>();
    // The first round only warms both up. Who begins changes, so that neither always runs second.
    for (int round = 0; round <= rounds; round++) {
      boolean onFirst = round % 2 == 0;
      double first = Wrk.newConnections((onFirst ? on : off).address(), length).rate();
      double second = Wrk.newConnections((onFirst ? off : on).address(), length).rate();
      if (round > 0) {
        withBalance.add(onFirst ? first : second);
        without.add(onFirst ? second : first);
      }
    }
    var balanced = new Rounds(withBalance);
    var lopsided = new Rounds(without);
    double ratio = balanced.median() / lopsided.median();
    row("new connections/s, median of " + rounds, balanced.rate(), lopsided.rate());
    row("lowest to highest", balanced.range(), lopsided.range());
    boolean reached = ratio >= WANTED_RATIO;
    System.out.printf(
        Locale.ROOT,
        "ratio %.2f (wanted: %.2f or more)%s%n",
        ratio,
        WANTED_RATIO,
        reached ? "" : shortRun ? ": below, which means little in a short run" : ": NOT REACHED");
    return reached;
  }

  private static void row(String what, String on, String off) {
    System.out.printf("%-34s %24s %24s%n", what, on, off);
  }
}
