package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/** Whether workers start from an archive of loaded classes, and where that is kept. */
public record ClassArchiveSettings(boolean enabled, Optional<Path> dir) {

  static ClassArchiveSettings from(Config root, Problems problems) {
    var in = new Section(root, "class-archive", problems);
    return new ClassArchiveSettings(in.flag("enabled"), in.optionalPath("dir"));
  }
}
