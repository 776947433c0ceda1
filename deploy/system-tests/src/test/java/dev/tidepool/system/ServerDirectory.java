package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Files of one server under test: configuration, app, run directory, log. */
final class ServerDirectory {
  /** Small and quick settings; a test's own lines come after and win. */
  private static final String BASE =
      """
      tidepool {
        run-dir = "%1$s/run"
        listen.http = "127.0.0.1:0"
        listen.admin = "127.0.0.1:0"
        workers { count = 2, spares = 0, heap = 64 MiB, stop-timeout = 5 s }
        workers.jvm-options = ["%3$s"]
        warm-up { round = 5, limit = 100 ms }
        drain { ramp = 200 ms, idle-window = 500 ms, timeout = 20 s }
        reload.watch = 0 s
        master.grace = 3 s
        health.heartbeat-timeout = 10 s
        sessions { dir = "%1$s/run/sessions", capacity = 2000 }
        class-archive.dir = "%2$s"
      }
      """;

  /** Unless the test has apps of its own. */
  private static final String APP =
      "tidepool.app { path = \"%1$s/app.jar\", settings { version = \"1\", faults = true } }\n";

  private final Path root;

  ServerDirectory() throws IOException {
    // Short, since the name of a Unix socket holds 107 bytes; readable for tests as another user.
    root =
        Files.createTempDirectory(
            Path.of("/tmp"),
            "tidepool-it",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }

  Path root() {
    return root;
  }

  Path runDir() {
    return root.resolve("run");
  }

  /** Where a copy of the distribution is, if there is one. */
  Path distribution() {
    return root.resolve("tidepool");
  }

  Path config() {
    return root.resolve("tidepool.conf");
  }

  Path app() {
    return root.resolve("app.jar");
  }

  Path log() {
    return root.resolve("log.txt");
  }

  /** Writes the configuration; {@code lines} are below the root {@code tidepool}. */
  void configure(List<String> lines) {
    String own = String.join("\n", lines).replace("@DIR@", root.toString());
    write(
        config(),
        BASE.formatted(root, Distribution.archives(), Distribution.JVM_OPTION)
            + (own.contains("apps = [") ? "" : APP.formatted(root))
            + "tidepool {\n"
            + own
            + "\n}\n");
  }

  /** Overwrites a file in place, as cp does: same inode, seen at once by whoever has it open. */
  void write(Path file, byte[] bytes) {
    try {
      Files.write(
          file,
          bytes,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void write(Path file, String text) {
    write(file, text.getBytes(UTF_8));
  }

  /** Puts a new file in the place of another, as mv does. */
  void rename(Path file, byte[] bytes) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    write(fresh, bytes);
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Copies log, configuration and state to {@code target}, for whoever looks into a failure. */
  void keep(Path target) throws IOException {
    Files.createDirectories(target);
    for (Path file : List.of(log(), config(), runDir().resolve("state.json"))) {
      if (Files.exists(file)) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  void delete() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
