package dev.tidepool.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Tidepool beside what one would take instead of it. Start and memory are measured of one server at
 * a time, since JVMs that run side by side share pages; the rest of all in turns, round by round,
 * so that what else the machine does falls on all of them. What it prints is Markdown.
 *
 * <p>Arguments: the distribution, the module with the peers, the directory for {@code bench.json}
 * and {@code bench.svg}, and {@code --short} for a run that only shows that it works, or {@code
 * --full} for more rounds; {@code --java-home=DIR} names a second JVM for the start of workers.
 * What servers write stays in the directory for temporary files; the script removes that.
 */
public final class PeerBenchmark {

  /** Options of a worker that name files of its own. */
  private static final String FILES_AND_LOGS =
      "-Xlog.*|-XX:(ErrorFile|Shared|AOT|ArchiveClasses).*";

  private final PeerPlan plan;
  private final Workplace at;
  private final Scores scores = new Scores();

  private PeerBenchmark(PeerPlan plan, Workplace at) {
    this.plan = plan;
    this.at = at;
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PeerPlan plan = PeerPlan.of(List.of(arguments));
    var bare =
        new Workplace(
            Path.of(arguments[0]).toAbsolutePath(),
            Path.of(arguments[1]).toAbsolutePath(),
            Files.createTempDirectory("tidepool-bench"),
            plan.poolSettings(),
            List.of());
    ClassArchives.shared(bare.distribution()).make();
    new PeerBenchmark(plan, withWorkerFlags(bare, plan)).run(Path.of(arguments[2]));
  }

  private void run(Path results) throws IOException, InterruptedException {
    String machine =
        String.format(
            Locale.ROOT,
            "%d cores, load %.1f, JDK %s",
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            System.getProperty("java.version"));
    System.out.println("- " + machine);
    System.out.println("- flags of workers: " + String.join(" ", at.workerFlags()));
    alone();
    SideBySide.measure(plan, at, scores);
    System.out.printf("%n%s%n", new ScoreTable(scores));
    List<Target> targets = new ArrayList<>(PeerTargets.of(scores, Runtime.version().feature()));
    targets.addAll(PoolTargets.measure(plan, at));
    var table = new MarkdownTable("", "median (lowest–highest)");
    targets.forEach(target -> table.row(target.verdict(), target.text()));
    System.out.printf("%n%s", table);
    Files.writeString(results.resolve("bench.json"), ScoreJson.of(scores, targets, machine));
    Files.writeString(results.resolve("bench.svg"), ScoreChart.of(scores));
  }

  private static Workplace withWorkerFlags(Workplace at, PeerPlan plan)
      throws IOException, InterruptedException {
    try (var pool = TestedServer.start(Contender.TIDEPOOL_1, at)) {
      List<String> flags =
          pool.processes()
              .root()
              .children()
              .flatMap(worker -> Arrays.stream(worker.info().arguments().orElseThrow()))
              .filter(argument -> argument.startsWith("-X"))
              .filter(argument -> !argument.matches(FILES_AND_LOGS))
              .toList();
      return new Workplace(at.distribution(), at.peers(), at.scratch(), plan.poolSettings(), flags);
    }
  }

  private void alone() throws IOException, InterruptedException {
    for (int round = 0; round < plan.memoryRounds(); round++) {
      for (Contender contender : plan.contenders()) {
        try (var server = TestedServer.start(contender, at)) {
          alone(server);
        }
      }
    }
  }

  private void alone(TestedServer server) throws IOException, InterruptedException {
    Contender contender = server.contender();
    ProcessTree processes = server.processes();
    scores.add(contender, Figure.START, server.startMillis());
    rest();
    scores.add(contender, Figure.PSS_IDLE, processes.pssMegabytes());
    scores.add(contender, Figure.COLD, Wrk.kept(server.address(), plan.cold()).rate());
    Wrk.newConnections(server.address(), plan.round());
    rest();
    scores.add(contender, Figure.PSS_LOADED, processes.pssMegabytes());
    if (contender.isTidepool()) {
      scores.add(contender, Figure.PSS_MASTER, ProcessTree.pssMegabytes(processes.root().pid()));
    }
  }

  private void rest() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(plan.rest().toNanos());
  }
}
