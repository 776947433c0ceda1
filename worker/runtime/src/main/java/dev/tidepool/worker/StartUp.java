package dev.tidepool.worker;

import com.codahale.metrics.MetricRegistry;
import com.typesafe.config.Config;
import dev.tidepool.app.AppContext;
import dev.tidepool.app.Departure;
import dev.tidepool.conf.Settings;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.posix.Posix;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Loads, starts and warms the app, on a thread of its own: an app may block in its start. */
final class StartUp {

  /** How it goes; called on the thread that starts the app. */
  interface Progress {
    void appStarted(int millis);

    void warmed(int millis, int requests);

    void failed(AppFailure failure);
  }

  private record Context(
      Config settings, MetricRegistry metrics, int generation, int pid, Departures departures)
      implements AppContext {
    @Override
    public void onDrain(Consumer<Departure> listener) {
      departures.onDrain(listener);
    }
  }

  private final Settings settings;
  private final AppLoader loader;
  private final Service service;
  private final WorkerSessions sessions;
  private final Posix posix;
  private final WorkerIdentity identity;
  private final Progress progress;

  StartUp(
      Settings settings,
      AppLoader loader,
      Service service,
      WorkerSessions sessions,
      Posix posix,
      WorkerIdentity identity,
      Progress progress) {
    this.settings = settings;
    this.loader = loader;
    this.service = service;
    this.sessions = sessions;
    this.posix = posix;
    this.identity = identity;
    this.progress = progress;
  }

  void start() {
    var thread = new Thread(this::run, "app-start");
    thread.setContextClassLoader(loader.classLoader());
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      long begin = System.nanoTime();
      sessions.open();
      var context =
          new Context(
              settings.app().settings(),
              new MetricRegistry(),
              identity.generation(),
              identity.pid(),
              service.departures);
      service.handler(loader.start(context, sessions));
      progress.appStarted(millisSince(begin));

      long warm = System.nanoTime();
      int requests = new WarmUpRun(settings.warmUp(), service.front, posix).run();
      sessions.warmUpOver();
      progress.warmed(millisSince(warm), requests);
    } catch (AppFailure e) {
      progress.failed(e);
    } catch (RuntimeException | Error e) { // nobody else would hear of it until start-timeout
      progress.failed(new AppFailure("start", Causes.describe(e), e));
    }
  }

  private static int millisSince(long nanoTime) {
    return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
  }
}
