package dev.tidepool.system;

import java.nio.file.Path;

/** What is tested, and with which Java. */
final class Distribution {
  static final Path HOME =
      Path.of(System.getProperty("tidepool.test.distribution", "../target/tidepool"))
          .toAbsolutePath()
          .normalize();

  static final Path COMMAND = HOME.resolve("bin/tidepool");

  /** Java home of master and workers. */
  static final Path JAVA_HOME =
      Path.of(System.getProperty("tidepool.test.java-home", System.getProperty("java.home")));

  /** Where logs of failed tests are kept. */
  static final Path FAILURES =
      Path.of(System.getProperty("tidepool.test.failures", "target/failsafe-reports/kept"))
          .toAbsolutePath();

  private Distribution() {}
}
