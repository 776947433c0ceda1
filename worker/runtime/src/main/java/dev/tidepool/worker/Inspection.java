package dev.tidepool.worker;

import dev.tidepool.conf.Settings;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that no request can block looks at the task pool and at the requests with each
 * heartbeat, and at the JVM with each interval of checks.
 */
final class Inspection {
  private static final Logger log = LoggerFactory.getLogger(Inspection.class);

  private final Settings settings;
  private final TaskPulse tasks;
  private final RequestLimits limits;
  private final Vitals vitals;
  private final AppCheck app;

  Inspection(
      Settings settings, TaskPulse tasks, RequestLimits limits, Vitals vitals, AppCheck app) {
    this.settings = settings;
    this.tasks = tasks;
    this.limits = limits;
    this.vitals = vitals;
    this.app = app;
  }

  void start() {
    var thread = new Thread(this::run, "inspection");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    long interval = settings.health().heartbeatInterval().toNanos();
    long vitalsDue = System.nanoTime();
    while (true) {
      long now = System.nanoTime();
      try {
        tasks.look(now);
        limits.look(now);
        app.look(now);
        if (now - vitalsDue >= 0) {
          vitalsDue = now + settings.health().checks().interval().toNanos();
          vitals.publish();
        }
      } catch (RuntimeException e) {
        log.error("looking at this worker failed", e);
      }
      LockSupport.parkNanos(interval);
    }
  }
}
