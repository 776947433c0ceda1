package dev.tidepool.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive of classes that this program itself starts from, beside its jars: whoever may change
 * it could change those. {@code bin/tidepool} knows whether it fits, and makes it.
 */
final class OwnArchive {
  private static final Logger log = LoggerFactory.getLogger(OwnArchive.class);

  private OwnArchive() {}

  /** Starts to make it, unless this program has one or may not write it. Does not wait. */
  static void makeInBackground() {
    if (!inUse() && Files.isWritable(ConfigOptions.home())) {
      try {
        start(ProcessBuilder.Redirect.DISCARD);
      } catch (IOException e) {
        log.warn("commands start without a class archive: {}", e.getMessage());
      }
    }
  }

  /**
   * Makes it, unless this program has one.
   *
   * @throws IOException if it cannot be made
   */
  static void make() throws IOException {
    if (inUse()) {
      return;
    }
    try {
      Process process = start(ProcessBuilder.Redirect.PIPE);
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException("no archive for the commands: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static boolean inUse() {
    return Boolean.getBoolean("tidepool.archived");
  }

  /** With the least priority: a master has workers to start meanwhile. */
  private static Process start(ProcessBuilder.Redirect output) throws IOException {
    Path program = ConfigOptions.home().resolve("bin/tidepool");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of("nice", "-n", "19", "env", "--default-signal", program.toString(), "train"));
    builder.environment().put("TIDEPOOL_JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectInput(new File("/dev/null")).redirectOutput(output);
    return builder.start();
  }
}
