package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How costs grow with workers, held connections, sessions, and classes. Prints a table of each.
 *
 * <p>Arguments: the distribution, and {@code --short} for a run that only shows that it works.
 */
public final class GrowthBenchmark {
  private GrowthBenchmark() {}

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path distribution = Path.of(arguments[0]).toAbsolutePath();
    boolean isShort = List.of(arguments).contains("--short");
    Duration load = Duration.ofSeconds(isShort ? 1 : 5);
    Duration warmUp = Duration.ofSeconds(isShort ? 0 : 180);
    new WorkerGrowth(distribution, load, warmUp).print(isShort ? List.of(1) : List.of(1, 2, 4, 8));
    new ConnectionGrowth(distribution, load, warmUp)
        .print(isShort ? List.of(10) : List.of(10, 100, 1_000, 10_000));
    SessionGrowth.print(isShort ? List.of(1_000) : List.of(1_000, 10_000, 100_000, 1_000_000));
    new ClassGrowth(distribution, isShort ? 1 : 5)
        .print(isShort ? List.of(50) : List.of(50, 500, 5_000));
  }
}
