package dev.tidepool.master;

import dev.tidepool.conf.WorkerSettings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The JVM of a worker, with the options that make it small and quick to start.
 *
 * @param jar the worker program
 */
record WorkerJvm(JavaHome java, List<String> options, Path jar) {
  /** Where a JVM looks for native libraries before it unpacks them: the same for all processes. */
  private static final List<String> LIBRARY_PATHS =
      List.of("jna.boot.library.path", "jffi.boot.library.path");

  /**
   * The JVM that the settings ask for.
   *
   * @param home the distribution
   * @throws IOException as {@link JavaHome#of}
   */
  static WorkerJvm of(WorkerSettings settings, Path home) throws IOException {
    JavaHome java = JavaHome.of(settings);
    List<String> options = new ArrayList<>();
    options.add("-XX:+UseSerialGC");
    options.add("-Xmx" + settings.heapBytes());
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-XX:+UnlockDiagnosticVMOptions");
    options.add("-XX:+UnlockExperimentalVMOptions");
    if (java.trimsNativeHeap()) {
      options.add("-XX:TrimNativeHeapInterval=1000");
    }
    if (java.feature() >= 25) {
      options.add("-XX:+UseCompactObjectHeaders");
      options.add("--sun-misc-unsafe-memory-access=allow"); // Chronicle Map lives by it
    }
    if (settings.shareArchivePages()) {
      options.add("-XX:ArchiveRelocationMode=0");
    }
    for (String name : LIBRARY_PATHS) {
      String own = System.getProperty(name);
      if (own != null) {
        options.add("-D" + name + "=" + own);
      }
    }
    options.addAll(settings.jvmOptions());
    return new WorkerJvm(java, List.copyOf(options), home.resolve("lib/tidepool-worker.jar"));
  }

  /** The worker's jar and all beside it, in the order of their names. */
  List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(jar.getParent(), "*.jar")) {
      all.forEach(jars::add);
    }
    Collections.sort(jars);
    return jars;
  }

  /** When each of the jars was last written. */
  List<FileTime> jarTimes() throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (Path each : jars()) {
      times.add(Files.getLastModifiedTime(each));
    }
    return times;
  }

  String executable() {
    return java.executable().toString();
  }

  /** Makes the environment of this process that of a worker. */
  static void environment(Map<String, String> environment) {
    environment.put("MALLOC_ARENA_MAX", "1");
    environment.remove("_JAVA_SR_SIGNUM"); // the master's own setting
  }
}
