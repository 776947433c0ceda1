package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Apps of ever more classes that are loaded at the start: start of a worker without and with class
 * archive, from a kill to serving, size of the archive, and memory of each of two workers.
 */
final class ClassGrowth {
  private static final int WORKERS = 2;

  private final Path distribution;
  private final int starts;

  ClassGrowth(Path distribution, int starts) {
    this.distribution = distribution;
    this.starts = starts;
  }

  void print(List<Integer> counts) throws IOException, InterruptedException {
    var table =
        new MarkdownTable(
            "app classes",
            "start ms",
            "with archive",
            "archive MB",
            "PSS MB per worker",
            "with archive");
    for (int count : counts) {
      Path directory = Files.createTempDirectory("tidepool-classes");
      String app = "app.path=" + ManyClasses.jar(distribution, directory, count);
      var archives = new ClassArchives(distribution, directory.resolve("archives"));
      archives.make(app);
      Costs without = measure(app, TestedPool.NO_ARCHIVE);
      Costs with = measure(app, archives.setting());
      table.row(
          count,
          without.startMillis,
          with.startMillis,
          archives.megabytes(),
          without.megabytes,
          with.megabytes);
    }
    System.out.printf("%n%s", table);
  }

  /** Of one worker. */
  private record Costs(double startMillis, double megabytes) {}

  private Costs measure(String... settings) throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    try (var pool = TestedPool.start(distribution, WORKERS, TestedPool.respawning(settings));
        var status = new PoolStatus(pool.admin())) {
      for (int i = 0; i < starts; i++) {
        millis.add(status.respawnNanos(WORKERS) / 1e6);
      }
      ProcessTree all = pool.processes();
      double master = ProcessTree.pssMegabytes(all.root().pid());
      return new Costs(new Rounds(millis).median(), (all.pssMegabytes() - master) / WORKERS);
    }
  }
}
