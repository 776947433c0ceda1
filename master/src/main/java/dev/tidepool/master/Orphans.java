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

  /** Those that still live; none if there is no readable state file. */
  static List<ForeignProcess> of(Path stateFile, Posix posix) {
    if (!Files.isReadable(stateFile)) {
      return List.of();
    }
    try {
      return ConfigFactory.parseFile(stateFile.toFile()).getConfigList("workers").stream()
          .map(w -> new ForeignProcess(posix, w.getInt("pid"), w.getLong("startTicks")))
          .filter(ForeignProcess::alive)
          .toList();
    } catch (ConfigException e) {
      return List.of(); // damaged: then nobody can be named
    }
  }
}
