package dev.tidepool.load;

import dev.tidepool.load.SessionResults.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Session stores side by side: in each round every store does the same for the same time, one after
 * the other, so that what else the machine does falls on all of them.
 *
 * <p>Arguments: the file for the JSON, then {@code --short} for a run that only shows that it
 * works, or {@code --full} for a million sessions as well. Exit code 1 if a run that is not short
 * misses a target.
 */
public final class SessionBenchmark {
  /** Of all values together: what four stores take for them, growth and records included. */
  private static final int MEMORY_PER_BYTE = 6;

  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +(\\d+) kB");

  private final SessionPlan plan;
  private final SessionResults results = new SessionResults();

  private SessionBenchmark(SessionPlan plan) {
    this.plan = plan;
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> options = List.of(arguments).subList(1, arguments.length);
    SessionPlan plan = SessionPlan.of(options);
    var benchmark = new SessionBenchmark(plan);
    for (SessionSize size : plan.sizes()) {
      benchmark.measure(size);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    String machine =
        String.format(
            Locale.ROOT,
            "%d cores, JDK %s, the clock takes %.0f ns of each operation",
            cores,
            System.getProperty("java.version"),
            clockNanos());
    List<SessionTargets.Target> targets = SessionTargets.of(plan, benchmark.results, cores);
    System.out.println(machine);
    System.out.println(new SessionTable(benchmark.results));
    targets.forEach(System.out::println);
    Files.writeString(Path.of(arguments[0]), SessionJson.of(benchmark.results, targets, machine));
    boolean reached = targets.stream().allMatch(SessionTargets.Target::reached);
    if (options.contains("--short")) {
      System.out.println("(a short run: what it says about targets means little)");
    } else if (!reached) {
      System.exit(1);
    }
  }

  private void measure(SessionSize size) throws IOException, InterruptedException {
    long needed = size.total() * MEMORY_PER_BYTE;
    if (needed > availableBytes()) {
      System.out.printf(
          "%s: left out, needs %,d MiB of memory, %,d are available%n",
          size, needed >> 20, availableBytes() >> 20);
      return;
    }
    System.err.println(size + " …");
    try (Workbench bench = Workbench.open()) {
      RedisServer.start(bench);
      List<WorkerGroup> groups = new ArrayList<>();
      for (TestedStore.Kind kind : TestedStore.Kind.values()) {
        groups.add(WorkerGroup.start(bench, kind, size, plan.mostProcesses()));
      }
      for (WorkerGroup group : groups) {
        for (Operation operation : Operation.values()) {
          group.run(operation, plan.mostProcesses(), plan.warmUp());
        }
      }
      for (int round = 0; round < plan.rounds(); round++) {
        round(size, groups);
        Collections.rotate(groups, 1); // or the same one would always follow the same one
      }
    }
  }

  private void round(SessionSize size, List<WorkerGroup> groups) throws IOException {
    for (Operation operation : Operation.values()) {
      for (WorkerGroup group : groups) {
        for (int processes : plan.processes()) {
          Point point = new Point(size, operation, processes, group.kind());
          results.add(point, group.run(operation, processes, plan.length()));
        }
      }
    }
  }

  private static long availableBytes() throws IOException {
    Matcher available = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
    return available.find() ? Long.parseLong(available.group(1)) << 10 : 0;
  }

  /** Two readings of the clock with nothing between them. */
  private static double clockNanos() {
    var latencies = new Latencies();
    for (int i = 0; i < 1_000_000; i++) {
      long before = System.nanoTime();
      latencies.add(System.nanoTime() - before);
    }
    return latencies.quantile(0.5);
  }
}
