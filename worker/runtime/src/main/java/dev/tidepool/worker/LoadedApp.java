package dev.tidepool.worker;

import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import java.io.IOException;

/**
 * An app whose classes can be loaded. The threads that start and stop it must have {@link
 * #classLoader} as their context class loader.
 */
public interface LoadedApp extends AutoCloseable {

  /** Finds the app's own classes. */
  ClassLoader classLoader();

  /**
   * Starts the app; runs as long as the app takes.
   *
   * @return what serves its requests, sessions included
   */
  HttpHandler start(AppContext context, AppSessions sessions) throws Exception;

  /** Called once after the last request, if the start was a success. */
  void stop() throws Exception;

  @Override
  void close() throws IOException;
}
