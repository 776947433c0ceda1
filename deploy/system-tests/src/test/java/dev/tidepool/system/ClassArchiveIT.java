package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The class archive that workers start from: made by itself, and made anew if it is damaged. */
final class ClassArchiveIT {
  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("class-archive.dir = \"@DIR@/run/archives\"");

  @Test
  void isMadeInTheBackgroundAndMendedWhenDamaged() throws IOException {
    Path made = awaitArchive();
    assertThat(pidsThatMap(made)).isEmpty();
    replaceWorkers();
    assertThat(pidsThatMap(made)).hasSize(2);

    overwriteTheMiddle(made);
    replaceWorkers();
    server.awaitLog("is damaged, making it anew");
    assertThat(server.get("/hello").status()).isEqualTo(200);
    Path anew = awaitArchive();
    replaceWorkers();
    assertThat(pidsThatMap(anew)).hasSize(2);

    server.replaceApp(Jars.demo("after the archive"));
    assertThat(server.reload().exitCode()).isZero();
    assertThat(server.get("/version").body()).contains("after the archive");
  }

  @Test
  void canBeMadeBeforehand() {
    Path directory = server.directory().root().resolve("longer-than-that-of-a-socket".repeat(5));
    server.configure("class-archive.dir = \"" + directory + "\"");
    server.signalMaster(Signal.TERM);
    server.awaitExit(TidepoolServer.START_LIMIT);
    Cli.Result made = server.cli("archive", "--config", server.config().toString());
    assertThat(made.exitCode()).as(made.output()).isZero();
    Path archive = Path.of(made.output().strip());
    assertThat(archive).isNotEmptyFile();
    server.start();
    assertThat(pidsThatMap(archive)).hasSize(2);
  }

  private Path awaitArchive() {
    return until(
        ofMinutes(2),
        () -> {
          try (Stream<Path> files = Files.list(server.runDir().resolve("archives"))) {
            return files.filter(file -> file.toString().endsWith(".jsa")).findFirst().orElse(null);
          }
        });
  }

  /** In place, so that a running worker would notice if it read it again. */
  private static void overwriteTheMiddle(Path archive) throws IOException {
    assertThat(archive.toFile().setWritable(true)).isTrue();
    try (var file = new RandomAccessFile(archive.toFile(), "rw")) {
      file.seek(file.length() / 2);
      file.write(new byte[4096]);
    }
  }

  private void replaceWorkers() {
    List<Integer> before = server.pids();
    before.forEach(pid -> server.signal(pid, Signal.KILL));
    eventually(
        TidepoolServer.START_LIMIT,
        () -> assertThat(server.awaitServing(2).pids()).doesNotContainAnyElementsOf(before));
  }

  private List<Integer> pidsThatMap(Path archive) {
    return server.pids().stream()
        .filter(pid -> Processes.read(pid, "maps").contains(archive.toString()))
        .toList();
  }
}
