package dev.tidepool.control;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who may use a file.
 *
 * @param mode its access rights
 * @param uid its owner, -1 for this process's user
 * @param gid its group, -1 for this process's group
 */
public record Access(int mode, int uid, int gid) {

  /** With the user and group of this process. */
  public static Access own(int mode) {
    return new Access(mode, -1, -1);
  }

  void applyTo(Path file, Posix posix) throws IOException {
    if (uid >= 0 || gid >= 0) {
      posix.setOwner(file, uid, gid);
    }
    Files.setAttribute(file, "unix:mode", mode);
  }
}
