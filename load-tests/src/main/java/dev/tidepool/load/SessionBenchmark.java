package dev.tidepool.load;

import dev.tidepool.load.SessionResults.Point;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Session stores side by side: in each round every store does the same for the same time, one after
 * the other, so that what else the machine does falls on all of them.
 *
 * <p>Arguments: the file for the JSON, then {@code --short} for a run that only shows that it works
 * and judges nothing, or {@code --full} for a million sessions as well. Exit code 1 if a target is
 * missed.
 */
public final class SessionBenchmark {
  /** What the stores take for each byte of a value: their growth, records and heaps included. */
  private static final double MEMORY_OF_SHARED = 4;

  private static final double MEMORY_OF_ALL = 6;

  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +(\\d+) kB");

  private final SessionPlan plan;
  private final SessionResults results = new SessionResults();

  private SessionBenchmark(SessionPlan plan) {
    this.plan = plan;
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> options = List.of(arguments).subList(1, arguments.length);
    SessionPlan plan;
    try {
      plan = SessionPlan.of(options);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    var benchmark = new SessionBenchmark(plan);
    for (SessionSize size : plan.sizes()) {
      benchmark.measure(size);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    String machine = machine(cores);
    List<Target> targets =
        plan.isJudged() ? SessionTargets.of(plan, benchmark.results, cores) : List.of();
    System.out.println(machine);
    System.out.println(new SessionTable(benchmark.results));
    targets.forEach(System.out::println);
    Files.writeString(Path.of(arguments[0]), SessionJson.of(benchmark.results, targets, machine));
    if (!targets.stream().allMatch(Target::reached)) {
      System.exit(1);
    }
  }

  private void measure(SessionSize size) throws IOException, InterruptedException {
    List<TestedStore.Kind> kinds = kindsThatFit(size);
    if (kinds.isEmpty()) {
      return;
    }
    System.err.println(size + " …");
    try (Workbench bench = Workbench.open()) {
      RedisServer.start(bench);
      List<WorkerGroup> groups = new ArrayList<>();
      for (TestedStore.Kind kind : kinds) {
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

  /** All, or without the hash map, which needs a large heap, or none. */
  private static List<TestedStore.Kind> kindsThatFit(SessionSize size) throws IOException {
    long available = availableBytes();
    if (size.total() * MEMORY_OF_ALL <= available) {
      return List.of(TestedStore.Kind.values());
    }
    List<TestedStore.Kind> shared =
        Stream.of(TestedStore.Kind.values()).filter(TestedStore.Kind::isShared).toList();
    boolean fit = size.total() * MEMORY_OF_SHARED <= available;
    System.out.printf(
        Locale.ROOT,
        "%s: %,d MiB of memory are too few for %s%n",
        size,
        available >> 20,
        fit ? "the hash map, which is left out" : "this, it is left out");
    return fit ? shared : List.of();
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

  private static String machine(int cores) {
    return String.format(
        Locale.ROOT,
        "%d cores, load %.1f, JDK %s, medians of all rounds; each operation includes %.0f ns of clock",
        cores,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        System.getProperty("java.version"),
        clockNanos());
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
