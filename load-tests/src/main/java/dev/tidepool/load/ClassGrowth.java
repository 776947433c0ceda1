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
  private static final int STARTS = 5;

  private final Path distribution;

  ClassGrowth(Path distribution) {
    this.distribution = distribution;
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
      String[] bare = {app, "class-archive.enabled=false"};
      String[] archived = {app, archives.setting()};
      table.row(
          count,
          start(bare),
          start(archived),
          archives.megabytes(),
          memory(bare),
          memory(archived));
    }
    System.out.printf("%n%s", table);
  }

  private double start(String... settings) throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    try (var pool = TestedPool.start(distribution, 1, TestedPool.respawning(settings));
        var status = new PoolStatus(pool.admin())) {
      for (int i = 0; i < STARTS; i++) {
        millis.add(status.respawnNanos() / 1e6);
      }
    }
    return new Rounds(millis).median();
  }

  private double memory(String... settings) throws IOException, InterruptedException {
    try (var pool = TestedPool.start(distribution, WORKERS, settings)) {
      ProcessTree all = pool.processes();
      double master = ProcessTree.pssMegabytes(all.root().pid());
      return (all.pssMegabytes() - master) / WORKERS;
    }
  }
}
