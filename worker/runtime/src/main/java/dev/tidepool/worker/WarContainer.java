package dev.tidepool.worker;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes apps of WARs. It and all it needs are jars in {@code lib/servlet}, which a worker opens
 * only for a WAR; found there by {@link java.util.ServiceLoader}.
 */
public interface WarContainer {

  /**
   * Opens a WAR; nothing of it runs yet.
   *
   * @param war its tree in the directory named by its hash; beside it the resources of its jars
   * @throws IOException if it is none, with one line that says why
   */
  LoadedApp open(Path war, AppSettings app, Settings settings) throws IOException;
}
