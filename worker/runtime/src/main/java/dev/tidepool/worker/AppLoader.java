package dev.tidepool.worker;

import dev.tidepool.app.AppContext;
import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An app of this worker: out of a jar, or out of the tree of a WAR. The threads that start and stop
 * it must have {@link #classLoader} as their context class loader.
 */
final class AppLoader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AppLoader.class);

  private final Path path;
  private final String name;
  private final LoadedApp app;
  private volatile boolean started;

  private AppLoader(Path path, String name, LoadedApp app) {
    this.path = path;
    this.name = name;
    this.app = app;
  }

  /**
   * Opens an app.
   *
   * @param path its copy: a jar, or the directory that is an unpacked WAR
   * @throws AppFailure if it is missing or broken
   */
  static AppLoader open(Path path, AppSettings app, Settings settings) throws AppFailure {
    if (!Files.isReadable(path)) {
      throw new AppFailure("load", path + ": no such file, or not readable");
    }
    boolean war = Files.isDirectory(path);
    try {
      LoadedApp opened = war ? WarSupport.open(path, app, settings) : new JarApp(path, app.type());
      return new AppLoader(path, app.name(), opened);
    } catch (IOException e) {
      String what = war ? ": not a WAR, or broken: " : ": not a jar, or broken: ";
      throw new AppFailure("load", path + what + e.getMessage(), e);
    }
  }

  ClassLoader classLoader() {
    return app.classLoader();
  }

  /** Starts the app; runs as long as the app takes. */
  HttpHandler start(AppContext context, AppSessions sessions) throws AppFailure {
    try {
      HttpHandler handler = app.start(context, sessions);
      started = true;
      return handler;
    } catch (AppFailure e) {
      throw e;
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      throw new AppFailure("start", path + ": the app threw " + Causes.describe(e), e);
    }
  }

  /** Stops the app, if it was started, on the thread that is returned. */
  Thread beginStop() {
    var thread = new Thread(this::stop, "app-stop");
    thread.setContextClassLoader(classLoader());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void stop() {
    try {
      if (started) {
        started = false;
        app.stop();
      }
    } catch (Exception | LinkageError e) {
      log.error("app {} failed to stop", name, e);
    }
  }

  void notStopped(long limitMillis) {
    log.warn("app {} did not stop within {} ms, ending without it", name, limitMillis);
  }

  @Override
  public void close() throws IOException {
    app.close();
  }
}
