package dev.tidepool.worker;

import com.codahale.metrics.MetricRegistry;
import com.typesafe.config.Config;
import dev.tidepool.app.AppContext;
import dev.tidepool.app.Departure;
import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.control.WorkerIdentity;
import io.undertow.server.HttpHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The apps of this worker: one, or several that see nothing of each other. */
final class Apps {
  private final List<AppSettings> settings;
  private final List<AppLoader> loaders;

  private record Context(
      Config settings,
      MetricRegistry metrics,
      int generation,
      int pid,
      ClassLoader loader,
      Departures departures)
      implements AppContext {
    @Override
    public void onDrain(Consumer<Departure> listener) {
      departures.onDrain(loader, listener);
    }
  }

  private Apps(List<AppSettings> settings, List<AppLoader> loaders) {
    this.settings = settings;
    this.loaders = loaders;
  }

  /**
   * Opens all apps.
   *
   * @param copies files or directories to run them from, in the order of the settings
   * @throws AppFailure if one is missing or broken
   */
  static Apps open(List<String> copies, Settings settings) throws AppFailure {
    List<AppLoader> loaders = new ArrayList<>();
    for (int i = 0; i < copies.size(); i++) {
      AppSettings app = settings.apps().get(i);
      try {
        loaders.add(AppLoader.open(Path.of(copies.get(i)), app, settings));
      } catch (AppFailure e) {
        throw e.of(app);
      }
    }
    return new Apps(settings.apps(), loaders);
  }

  /** For threads that serve all apps. */
  ClassLoader classLoader() {
    return loaders.size() == 1 ? loaders.get(0).classLoader() : Apps.class.getClassLoader();
  }

  /** Starts one after the other; runs as long as they take. */
  HttpHandler start(WorkerIdentity identity, WorkerSessions sessions, Departures departures)
      throws AppFailure {
    List<HttpHandler> handlers = new ArrayList<>();
    for (int i = 0; i < loaders.size(); i++) {
      AppSettings app = settings.get(i);
      ClassLoader loader = loaders.get(i).classLoader();
      Thread.currentThread().setContextClassLoader(loader);
      var context =
          new Context(
              app.settings(),
              new MetricRegistry(),
              identity.generation(),
              identity.pid(),
              loader,
              departures);
      try {
        HttpHandler handler = loaders.get(i).start(context, sessions.of(app));
        handlers.add(loaders.size() == 1 ? handler : new InLoader(loader, handler));
      } catch (AppFailure e) {
        throw e.of(app);
      }
    }
    return AppRouter.of(settings, handlers);
  }

  /** Stops those that were started, side by side, and waits for {@code limitMillis} at most. */
  void stop(long limitMillis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    List<Thread> stopping = loaders.stream().map(AppLoader::beginStop).toList();
    for (int i = 0; i < stopping.size(); i++) {
      TimeUnit.NANOSECONDS.timedJoin(stopping.get(i), deadline - System.nanoTime());
      if (stopping.get(i).isAlive()) {
        loaders.get(i).notStopped(limitMillis);
      }
    }
  }
}
