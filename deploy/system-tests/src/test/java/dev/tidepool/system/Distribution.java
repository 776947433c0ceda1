package dev.tidepool.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is tested, and with which Java. */
final class Distribution {
  static final Path HOME = directory("tidepool.test.distribution", "../target/tidepool");

  static final Path COMMAND = HOME.resolve("bin/tidepool");

  /** Java home of master and workers. */
  static final Path JAVA_HOME =
      Path.of(System.getProperty("tidepool.test.java-home", System.getProperty("java.home")));

  /** Of workers under test: one compiler does for what they serve, and they start sooner. */
  static final String JVM_OPTION = "-XX:TieredStopAtLevel=1";

  /** Where logs of failed tests are kept. */
  static final Path FAILURES = directory("tidepool.test.failures", "target/failsafe-reports/kept");

  private Distribution() {}

  private static Path directory(String property, String otherwise) {
    return Path.of(System.getProperty(property, otherwise)).toAbsolutePath().normalize();
  }

  /** Made before the first test, since each has a run directory of its own and starts workers. */
  private static final class Archives {
    static final Path DIRECTORY = directory("tidepool.test.archives", "target/archives");

    static {
      List<String> command =
          List.of(
              COMMAND.toString(),
              "archive",
              "--set=class-archive.dir=" + DIRECTORY,
              "--set=workers.jvm-options=[\"" + JVM_OPTION + "\"]");
      Map<String, String> environment = Map.of("TIDEPOOL_JAVA_HOME", JAVA_HOME.toString());
      Cli.Result made = Cli.run(Duration.ofMinutes(5), environment, command);
      if (made.exitCode() != 0) {
        throw new AssertionError("archive: " + made);
      }
    }
  }

  /** Directory of the class archives that all servers under test share. */
  static Path archives() {
    return Archives.DIRECTORY;
  }
}
