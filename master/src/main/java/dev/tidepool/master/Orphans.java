package dev.tidepool.master;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Workers that outlived their master, as its {@code state.json} names them. */
final class Orphans {
  private Orphans() {}

  /** Pids of those that still live; none if there is no readable state file. */
  static List<Integer> pids(Path stateFile, Posix posix) {
    if (!Files.isReadable(stateFile)) {
      return List.of();
    }
    try {
      return ConfigFactory.parseFile(stateFile.toFile()).getConfigList("workers").stream()
          .filter(w -> lives(w.getInt("pid"), w.getLong("startTicks"), posix))
          .map(w -> w.getInt("pid"))
          .toList();
    } catch (ConfigException e) {
      return List.of(); // damaged: then nobody can be named
    }
  }

  /** A pid may belong to another process now. */
  private static boolean lives(int pid, long startTicks, Posix posix) {
    return posix
        .stat(pid)
        .filter(s -> s.startTicks() == startTicks && s.state() != 'Z' && s.state() != 'X')
        .isPresent();
  }
}
