package dev.tidepool.master;

import dev.tidepool.conf.WorkerSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A Java installation, its version read from its {@code release} file without starting it. */
record JavaHome(Path path, Runtime.Version version) {

  /**
   * The one that the settings name, else that of this process.
   *
   * @throws IOException if there is none at that place, or it is older than what the settings need
   */
  static JavaHome of(WorkerSettings settings) throws IOException {
    JavaHome home =
        settings.javaHome().isEmpty()
            ? new JavaHome(Path.of(System.getProperty("java.home")), Runtime.version())
            : at(settings.javaHome().get());
    if (settings.virtualThreads() && home.feature() < 21) {
      throw new IOException(
          "workers.virtual-threads needs Java 21, workers.java-home is Java " + home.feature());
    }
    return home;
  }

  private static JavaHome at(Path path) throws IOException {
    JavaHome home = new JavaHome(path, read(path));
    if (!Files.isExecutable(home.executable())) {
      throw new IOException("workers.java-home=" + path + ": no executable bin/java there");
    }
    if (home.feature() < 17) {
      throw new IOException(
          "workers.java-home=" + path + " is Java " + home.feature() + ", need 17");
    }
    return home;
  }

  private static Runtime.Version read(Path home) throws IOException {
    Properties release = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
      return Runtime.Version.parse(
          release.getProperty("JAVA_VERSION", "").replace("\"", "").replace('_', '.'));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "workers.java-home=" + home + ": no Java 17 or later there (no readable release file)",
          e);
    }
  }

  Path executable() {
    return path.resolve("bin/java");
  }

  int feature() {
    return version.feature();
  }

  /** TrimNativeHeapInterval came with 17.0.9 and 21. */
  boolean trimsNativeHeap() {
    return feature() >= 21 || (feature() == 17 && version.update() >= 9);
  }
}
