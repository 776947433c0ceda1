package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the session store, which workers make and open. */
final class SessionFiles {
  private static final Logger log = LoggerFactory.getLogger(SessionFiles.class);

  /** All that the store makes; the new ones are there only if a worker died while it made them. */
  private static final List<String> FILES =
      List.of("control", "map", "control.new", "map.new", "open.lock");

  private SessionFiles() {}

  /**
   * Makes the directory for workers of another user, who may not be allowed to. One that holds a
   * store of the master's own user becomes theirs; no other is touched.
   *
   * @throws IOException one line: what is at that place
   */
  static void prepare(Settings settings, Account account, Posix posix) throws IOException {
    if (!account.other()) {
      return;
    }
    Path directory = settings.sessions().directory(settings.runDir(), account.uid());
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(directory.getParent());
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      account.own(directory, posix);
      return;
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("sessions.dir=" + directory + " is no directory");
    }
    int owner = (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (owner != account.uid()) {
      handOver(directory, owner, account, posix);
    }
  }

  private static void handOver(Path directory, int owner, Account account, Posix posix)
      throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.toList();
    }
    boolean onlyStore = files.stream().allMatch(SessionFiles::isOfStore);
    if (owner != posix.userId() || !onlyStore) {
      throw new IOException(
          "sessions.dir="
              + directory
              + " belongs to uid "
              + owner
              + (onlyStore ? "" : " and holds other files than sessions")
              + ", workers.user="
              + account.name()
              + " cannot use it; chown -R it, or remove it and its sessions");
    }
    files.forEach(file -> account.own(file, posix));
    account.own(directory, posix);
  }

  private static boolean isOfStore(Path file) {
    String name = String.valueOf(file.getFileName());
    return FILES.contains(name) || name.contains(".aside-");
  }

  /**
   * Gives back the memory that they take, when the service has ended and they are not to persist.
   * Files that a worker had set aside stay, for someone to look at.
   */
  static void remove(Settings settings, int uid) {
    if (settings.sessions().persist()) {
      return;
    }
    Path directory = settings.sessions().directory(settings.runDir(), uid);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      for (String name : FILES) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      log.warn("{} is kept, for there are files that were set aside", directory);
    } catch (IOException e) {
      log.warn("sessions in {} could not be removed: {}", directory, RunDir.reason(e));
    }
  }
}
