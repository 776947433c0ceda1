package dev.tidepool.worker;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One app, out of its jar. The threads that load, start and stop it must have {@link #classLoader}
 * as their context class loader.
 */
final class AppLoader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AppLoader.class);

  private final Path jar;
  private final AppClassLoader loader;
  private volatile @Nullable App started;

  private AppLoader(Path jar, AppClassLoader loader) {
    this.jar = jar;
    this.loader = loader;
  }

  /**
   * Opens the jar of an app.
   *
   * @throws AppFailure if it is missing or no jar; URLClassLoader would ignore both
   */
  static AppLoader open(Path jar) throws AppFailure {
    if (!Files.isReadable(jar)) {
      throw new AppFailure("load", jar + ": no such file, or not readable");
    }
    try (var readable = new JarFile(jar.toFile())) {
      log.debug("{} has {} entries", jar, readable.size());
      return new AppLoader(jar, new AppClassLoader(url(jar), AppLoader.class.getClassLoader()));
    } catch (IOException e) {
      throw new AppFailure("load", jar + ": not a jar, or broken: " + e.getMessage(), e);
    }
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  ClassLoader classLoader() {
    return loader;
  }

  /** Makes the one app that the jar declares. */
  App load() throws AppFailure {
    try {
      List<ServiceLoader.Provider<App>> apps =
          ServiceLoader.load(App.class, loader).stream().toList();
      if (apps.size() != 1) {
        throw new AppFailure(
            "load",
            "%s: META-INF/services/%s names %d apps, expected 1"
                .formatted(jar, App.class.getName(), apps.size()));
      }
      return apps.get(0).get();
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new AppFailure("load", jar + ": " + Causes.describe(e), e);
    }
  }

  /** Starts an app; runs as long as the app takes. */
  HttpHandler start(App app, AppContext context) throws AppFailure {
    HttpHandler handler;
    try {
      handler = app.start(context);
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      throw new AppFailure("start", jar + ": the app threw " + Causes.describe(e), e);
    }
    if (handler == null) {
      throw new AppFailure("start", jar + ": the app returned no handler");
    }
    started = app;
    return handler;
  }

  /** Stops the app, if it was started, and waits for {@code limitMillis} at most. */
  void stop(long limitMillis) throws InterruptedException {
    App app = started;
    started = null;
    if (app == null) {
      return;
    }
    var thread = new Thread(() -> stop(app), "app-stop");
    thread.setContextClassLoader(loader);
    thread.setDaemon(true);
    thread.start();
    TimeUnit.MILLISECONDS.timedJoin(thread, limitMillis);
    if (thread.isAlive()) {
      log.warn("the app did not stop within {} ms, ending without it", limitMillis);
    }
  }

  private static void stop(App app) {
    try {
      app.stop();
    } catch (Exception | LinkageError e) {
      log.error("the app failed to stop", e);
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
