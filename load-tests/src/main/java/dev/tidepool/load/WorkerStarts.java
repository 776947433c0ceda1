package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Start of a worker, from the kill of the one before to serving, without warm-up.
 *
 * @param feature version of its Java
 * @param ratio with class archive to without, in the same round
 */
record WorkerStarts(int feature, Rounds ratio) {

  static WorkerStarts measure(Workplace at, String javaHome, int rounds)
      throws IOException, InterruptedException {
    String java = "workers.java-home=" + javaHome;
    List<Double> ratios = new ArrayList<>();
    try (var with = at.pool(1, TestedPool.respawning(java));
        var without = at.pool(1, TestedPool.respawning(java, TestedPool.NO_ARCHIVE));
        var withStatus = new PoolStatus(with.admin());
        var withoutStatus = new PoolStatus(without.admin())) {
      for (int i = 0; i < rounds; i++) {
        TimeUnit.SECONDS.sleep(1);
        double archived = withStatus.respawnNanos(1);
        ratios.add(archived / withoutStatus.respawnNanos(1));
      }
    }
    return new WorkerStarts(feature(javaHome), new Rounds(ratios));
  }

  private static int feature(String javaHome) throws IOException {
    var release = new Properties();
    try (var in = Files.newInputStream(Path.of(javaHome, "release"))) {
      release.load(in);
    }
    String version = release.getProperty("JAVA_VERSION").replace("\"", "");
    return Runtime.Version.parse(version).feature();
  }
}
