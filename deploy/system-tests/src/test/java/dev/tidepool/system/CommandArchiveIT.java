package dev.tidepool.system;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The class archive that {@code bin/tidepool} itself starts from, in a copy of the distribution.
 */
final class CommandArchiveIT {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** How the JVM says that a class came from an archive other than its own. */
  private static final String FROM_ARCHIVE = "shared objects file (top)";

  private static final String ARCHIVE_FLAG = "-XX:SharedArchiveFile=";

  @TempDir private Path home;

  @BeforeEach
  void copy() throws IOException {
    for (String directory : List.of("bin", "lib", "conf")) {
      Files.createDirectory(home.resolve(directory));
      try (Stream<Path> files = Files.list(Distribution.HOME.resolve(directory))) {
        for (Path file : files.toList()) {
          Files.copy(file, home.resolve(directory).resolve(file.getFileName()), COPY_ATTRIBUTES);
        }
      }
    }
  }

  @Test
  void isPassedOverSilentlyWhenItDoesNotFit() throws IOException {
    Cli.Result without = tidepool("--version");
    assertThat(without.exitCode()).as(without.output()).isZero();
    assertThat(loadedClasses()).doesNotContain(FROM_ARCHIVE);

    assertThat(tidepool("train")).isEqualTo(new Cli.Result(0, ""));
    assertThat(loadedClasses()).contains(FROM_ARCHIVE);

    Path archive = archive();
    overwriteTheMiddle(archive);
    assertThat(tidepool("--version")).isEqualTo(without);
    assertThat(loadedClasses()).doesNotContain(FROM_ARCHIVE);

    Files.write(archive, new byte[100]);
    assertThat(tidepool("--version")).isEqualTo(without);

    assertThat(tidepool("train")).isEqualTo(new Cli.Result(0, ""));
    assertThat(loadedClasses()).contains(FROM_ARCHIVE);
    // Of the same length and time, like a jar that was built again: the JVM would take it.
    Path jar = home.resolve("lib/tidepool-worker.jar");
    var time = Files.getLastModifiedTime(jar);
    overwriteTheMiddle(jar);
    Files.setLastModifiedTime(jar, time);
    assertThat(tidepool("--version")).isEqualTo(without);
    assertThat(loadedClasses()).doesNotContain(FROM_ARCHIVE);
  }

  /** The JVM would look into it, find other paths, and start as slowly as without, for good. */
  @Test
  void isNotTriedWhereTheDistributionWasCopied() throws IOException {
    assertThat(tidepool("train")).isEqualTo(new Cli.Result(0, ""));
    assertThat(flags()).contains(ARCHIVE_FLAG);
    Path first = home;
    home = Files.createDirectory(first.resolve("copy"));
    for (String directory : List.of("bin", "lib", "conf", "archives")) {
      Cli.run("cp", "-rp", first.resolve(directory).toString(), home.toString());
    }
    assertThat(flags()).doesNotContain(ARCHIVE_FLAG);
    assertThat(tidepool("train")).isEqualTo(new Cli.Result(0, ""));
    assertThat(loadedClasses()).contains(FROM_ARCHIVE);
  }

  private Path archive() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("archives"))) {
      return files.filter(file -> file.toString().endsWith(".jsa")).findFirst().orElseThrow();
    }
  }

  /** What the JVM says of the classes that it loads for a plain command. */
  private String loadedClasses() {
    return tidepool(Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load"), "--version").output();
  }

  /** Options that the JVM was started with. */
  private String flags() {
    return tidepool(Map.of("JDK_JAVA_OPTIONS", "-XX:+PrintCommandLineFlags"), "--version").output();
  }

  private Cli.Result tidepool(String argument) {
    return tidepool(Map.of(), argument);
  }

  private Cli.Result tidepool(Map<String, String> environment, String argument) {
    var told = new java.util.HashMap<>(environment);
    told.put("TIDEPOOL_JAVA_HOME", Distribution.JAVA_HOME.toString());
    return Cli.run(LIMIT, told, List.of(home.resolve("bin/tidepool").toString(), argument));
  }

  private static void overwriteTheMiddle(Path path) throws IOException {
    assertThat(path.toFile().setWritable(true)).isTrue();
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(file.length() / 2);
      file.write(new byte[4096]);
    }
  }
}
