package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import java.io.File;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.FutureTask;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Loads the classes that a worker needs, and makes the lambdas, by being one from its start to its
 * drain, under a master in the same process and with an app that does little. For an archive of
 * these classes.
 */
final class ClassTraining {
  private static final Pattern OWN_JAR = Pattern.compile("tidepool-.*\\.jar");

  private ClassTraining() {}

  /**
   * Writes its files into {@code scratch}, and leaves threads and mappings to the end of the
   * process, as workers do.
   */
  static WorkerExit run(Path scratch) throws Exception {
    loadOwnClasses();
    try (var master = new TrainingMaster(Posix.get(), scratch)) {
      var led = new FutureTask<>(master::lead);
      var thread = new Thread(led, "training-master");
      thread.setDaemon(true);
      thread.start();
      WorkerExit exit = WorkerMain.live(master.socket());
      led.get();
      return exit;
    }
  }

  /** Also those that only some workers need. */
  private static void loadOwnClasses() throws Exception {
    Path worker =
        Path.of(ClassTraining.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    File[] siblings = worker.resolveSibling(".").normalize().toFile().listFiles();
    for (File file : siblings == null ? new File[0] : siblings) {
      if (OWN_JAR.matcher(file.getName()).matches() && !file.getName().contains("-master")) {
        try (var jar = new JarFile(file)) {
          for (JarEntry entry : Collections.list(jar.entries())) {
            if (entry.getName().endsWith(".class")) {
              load(entry.getName());
            }
          }
        }
      }
    }
  }

  private static void load(String entry) throws ClassNotFoundException {
    String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    if (!name.endsWith("-info")) {
      Class.forName(name, false, ClassTraining.class.getClassLoader());
    }
  }
}
