package dev.tidepool.master;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The run directory, claimed by this master for as long as it lives: a lock on its pid file. */
public final class RunDir implements AutoCloseable {
  private static final List<String> DIRECTORIES =
      List.of("apps", "app-work", "app-temp", "generations", "incidents");

  private final Path directory;
  private final FileChannel pidFile;

  private RunDir(Path directory, FileChannel pidFile) {
    this.directory = directory;
    this.pidFile = pidFile;
  }

  /**
   * Creates what is missing and locks it. The lock is fcntl(2)'s: it ends with this process, and no
   * worker inherits it.
   */
  static RunDir claim(Path directory, int pid) throws StartFailure {
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      for (String name : DIRECTORIES) {
        privateDirectory(directory.resolve(name));
      }
      Path file = directory.resolve("tidepool.pid");
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        String owner = Files.readString(file).strip();
        channel.close();
        throw new StartFailure(
            ExitCode.REFUSED,
            "another master (pid " + owner + ") runs on " + directory + "; stop it or set run-dir");
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new RunDir(directory, channel);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new StartFailure(
          ExitCode.REFUSED, "run-dir " + directory + " cannot be used: " + reason(e));
    }
  }

  /**
   * Lets workers reach what is theirs. What they only read stays the master's own, or one of them
   * could change what the next one runs; the generations' settings come over workers.sock.
   */
  void admit(Account account, Posix posix) throws IOException {
    privateDirectory(crashes());
    handOver(appWork(), account, posix);
    handOver(directory.resolve("app-temp"), account, posix);
    if (account.other()) {
      Files.createDirectories(archives());
      account.share(apps(), posix);
      account.share(archives(), posix);
      Files.setPosixFilePermissions(incidents(), PosixFilePermissions.fromString("rwx--x--x"));
      account.own(crashes(), posix);
    }
  }

  /** A directory that workers write into. What those of another user left there is thrown away. */
  private static void handOver(Path directory, Account account, Posix posix) throws IOException {
    if (!Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
        .equals(account.uid())) {
      FileTree.delete(directory);
      privateDirectory(directory);
      account.own(directory, posix);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this process holds it already: a second master in one JVM
    }
  }

  private static void privateDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // the failure that brought us here is the one to report
    }
  }

  /** What an IOException of java.nio.file means, which often has only the path as its message. */
  static String reason(IOException e) {
    String name = e.getClass().getSimpleName();
    return switch (name) {
      case "AccessDeniedException" -> "permission denied on " + e.getMessage();
      case "NoSuchFileException" -> "no such file: " + e.getMessage();
      case "FileAlreadyExistsException" -> "not a directory: " + e.getMessage();
      case "IOException" -> String.valueOf(e.getMessage());
      default -> name + ": " + e.getMessage();
    };
  }

  Path controlSocket() {
    return controlSocket(directory);
  }

  /** Where operators find the master of a run directory. */
  public static Path controlSocket(Path directory) {
    return directory.resolve("control.sock");
  }

  Path workersSocket() {
    return directory.resolve("workers.sock");
  }

  Path scoreboard() {
    return directory.resolve("scoreboard");
  }

  Path stateFile() {
    return directory.resolve("state.json");
  }

  Path apps() {
    return directory.resolve("apps");
  }

  Path appWork() {
    return directory.resolve("app-work");
  }

  Path generations() {
    return directory.resolve("generations");
  }

  Path archives() {
    return archives(directory);
  }

  /** Class archives of the pool with this run directory. */
  public static Path archives(Path directory) {
    return directory.resolve("archives");
  }

  /** Where the JVMs of workers leave word of fatal errors. */
  Path crashes() {
    return incidents().resolve("crashes");
  }

  Path incidents() {
    return directory.resolve("incidents");
  }

  /** Leaves nothing that says a master is here. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(stateFile());
    Files.deleteIfExists(directory.resolve("tidepool.pid"));
    pidFile.close();
  }
}
