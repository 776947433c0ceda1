package dev.tidepool.worker;

import dev.tidepool.app.AppContext;
import dev.tidepool.conf.Settings;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The app of this worker: out of a jar, or out of the tree of a WAR. The threads that start and
 * stop it must have {@link #classLoader} as their context class loader.
 */
final class AppLoader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AppLoader.class);

  private final Path path;
  private final LoadedApp app;
  private volatile boolean started;

  private AppLoader(Path path, LoadedApp app) {
    this.path = path;
    this.app = app;
  }

  /**
   * Opens an app.
   *
   * @param path a jar, or the directory that is an unpacked WAR
   * @throws AppFailure if it is missing or broken
   */
  static AppLoader open(Path path, Settings settings) throws AppFailure {
    if (!Files.isReadable(path)) {
      throw new AppFailure("load", path + ": no such file, or not readable");
    }
    boolean war = Files.isDirectory(path);
    try {
      return new AppLoader(path, war ? WarSupport.open(path, settings) : new JarApp(path));
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

  /** Stops the app, if it was started, and waits for {@code limitMillis} at most. */
  void stop(long limitMillis) throws InterruptedException {
    if (!started) {
      return;
    }
    started = false;
    var thread = new Thread(this::stop, "app-stop");
    thread.setContextClassLoader(classLoader());
    thread.setDaemon(true);
    thread.start();
    TimeUnit.MILLISECONDS.timedJoin(thread, limitMillis);
    if (thread.isAlive()) {
      log.warn("the app did not stop within {} ms, ending without it", limitMillis);
    }
  }

  private void stop() {
    try {
      app.stop();
    } catch (Exception | LinkageError e) {
      log.error("the app failed to stop", e);
    }
  }

  @Override
  public void close() throws IOException {
    app.close();
  }
}
