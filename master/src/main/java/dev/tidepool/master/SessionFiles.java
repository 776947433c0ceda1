package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
   * Gives back the memory that they take, when the service has ended and they are not to persist.
   * Files that a worker had set aside stay, for someone to look at.
   */
  static void remove(Settings settings, int uid) {
    if (settings.sessions().persist()) {
      return;
    }
    Path directory = settings.sessions().directory(settings.runDir(), uid);
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
