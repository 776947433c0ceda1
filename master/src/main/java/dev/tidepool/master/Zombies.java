package dev.tidepool.master;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Orphans that fell to a master that is pid 1. Only children that nobody knows are waited for, one
 * by one: {@code waitpid(-1)} would take exit codes away from the JDK.
 */
final class Zombies {
  private final Posix posix;
  private final int self;

  Zombies(Posix posix) {
    this.posix = posix;
    this.self = posix.pid();
  }

  /** Orphans are given to pid 1 only. */
  boolean expected() {
    return self == 1;
  }

  void reap(Set<Integer> known) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        boolean zombie =
            !known.contains(pid)
                && posix
                    .stat(pid)
                    .filter(s -> s.state() == 'Z' && s.parentPid() == self)
                    .isPresent();
        if (zombie) {
          posix.reap(pid);
        }
      }
    } catch (IOException e) {
      // /proc that cannot be read now is read again in a second
    }
  }
}
