package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which archive fits which jars: the JVM is silent about one that does not. */
class ArchiveFileTest {
  private static final FileTime BUILT = FileTime.from(Instant.parse("2026-11-28T12:00:00Z"));

  private static final JavaHome JAVA =
      new JavaHome(Path.of(System.getProperty("java.home")), Runtime.version());

  @TempDir private Path home;
  private String key;

  @BeforeEach
  void built() throws IOException {
    key = key(jar(home, "worker", BUILT));
  }

  private static Path jar(Path directory, String content, FileTime time) throws IOException {
    Path jar = Files.createDirectories(directory).resolve("tidepool-worker.jar");
    Files.writeString(jar, content);
    Files.setLastModifiedTime(jar, time);
    return jar;
  }

  private String key(Path jar) throws IOException {
    WorkerJvm jvm = new WorkerJvm(JAVA, List.of(), jar);
    return ArchiveFile.of(home, jvm).key();
  }

  @Test
  void theSameJarsHaveTheSame() throws IOException {
    assertThat(key(jar(home, "worker", BUILT))).isEqualTo(key);
  }

  @Test
  void aJarOfOtherContentHasAnother() throws IOException {
    assertThat(key(jar(home, "WORKER", BUILT))).isNotEqualTo(key);
  }

  @Test
  void aJarOfAnotherTimeHasAnother() throws IOException {
    FileTime later = FileTime.fromMillis(BUILT.toMillis() + 1000);
    assertThat(key(jar(home, "worker", later))).isNotEqualTo(key);
  }

  @Test
  void aCopyElsewhereHasAnother() throws IOException {
    assertThat(key(jar(home.resolve("copy"), "worker", BUILT))).isNotEqualTo(key);
  }
}
