package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import java.io.IOException;

/** Starts worker processes. */
interface WorkerLauncher {

  /**
   * Starts a worker that will dial {@code workers.sock}, with a young generation of this size.
   *
   * @throws IOException if the process cannot be started; the message names the program
   */
  WorkerProcess launch(Settings settings, YoungSize young) throws IOException;
}
