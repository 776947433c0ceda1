package dev.tidepool.worker;

import dev.tidepool.conf.Settings;
import dev.tidepool.control.WorkerIdentity;
import java.util.concurrent.TimeUnit;

/** Starts and warms the apps, on a thread of its own: an app may block in its start. */
final class StartUp {

  /** How it goes; called on the thread that starts the apps. */
  interface Progress {
    void appStarted(int millis);

    void warmed(int millis, int requests);

    void failed(AppFailure failure);
  }

  private final Settings settings;
  private final Apps apps;
  private final Service service;
  private final WorkerSessions sessions;
  private final WorkerIdentity identity;
  private final Progress progress;

  StartUp(
      Settings settings,
      Apps apps,
      Service service,
      WorkerSessions sessions,
      WorkerIdentity identity,
      Progress progress) {
    this.settings = settings;
    this.apps = apps;
    this.service = service;
    this.sessions = sessions;
    this.identity = identity;
    this.progress = progress;
  }

  void start() {
    var thread = new Thread(this::run, "app-start");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      long begin = System.nanoTime();
      sessions.open();
      service.handler(apps.start(identity, sessions, service.departures));
      sessions.startTicking();
      progress.appStarted(millisSince(begin));

      long warm = System.nanoTime();
      int requests = new WarmUpRun(settings, service).run();
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
