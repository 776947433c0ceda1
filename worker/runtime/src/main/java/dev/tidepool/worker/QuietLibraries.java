package dev.tidepool.worker;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Libraries that greet with their version, at INFO, in every worker. */
final class QuietLibraries {
  // Held here, for java.util.logging forgets the level of a logger that nobody holds.
  private static final Logger XNIO = Logger.getLogger("org.xnio");

  private QuietLibraries() {}

  /** Again after each start of the log, which forgets all levels. */
  static void apply() {
    XNIO.setLevel(Level.WARNING);
  }
}
