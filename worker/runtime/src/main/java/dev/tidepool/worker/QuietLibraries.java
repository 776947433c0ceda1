package dev.tidepool.worker;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Libraries that greet, or say at WARN what only their authors can change, in every worker. */
final class QuietLibraries {
  // Held here, for java.util.logging forgets the level of a logger that nobody holds.
  private static final Logger XNIO = Logger.getLogger("org.xnio");
  private static final List<Logger> STORE =
      List.of(Logger.getLogger("net.openhft"), Logger.getLogger("org.apache.fory"));

  private QuietLibraries() {}

  /** Again after each start of the log, which forgets all levels. */
  static void apply() {
    XNIO.setLevel(Level.WARNING);
    STORE.forEach(logger -> logger.setLevel(Level.SEVERE));
  }
}
