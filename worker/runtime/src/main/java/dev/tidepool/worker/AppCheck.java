package dev.tidepool.worker;

import dev.tidepool.conf.CheckSettings;
import dev.tidepool.control.WorkerRecord;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests a path from the worker's own app at intervals, on a thread of its own, for the app may
 * not answer. How often it failed in a row is on the scoreboard.
 */
final class AppCheck {
  private static final Logger log = LoggerFactory.getLogger(AppCheck.class);

  private final CheckSettings settings;
  private final SelfRequests self;
  private final WorkerRecord record;
  private int failures;
  private volatile long askedAt;

  AppCheck(CheckSettings settings, SelfRequests self, WorkerRecord record) {
    this.settings = settings;
    this.self = self;
    this.record = record;
  }

  void start() {
    var thread = new Thread(this::run, "app-check");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (true) {
      askedAt = System.nanoTime();
      String failure = ask();
      boolean late = System.nanoTime() - askedAt > settings.appTimeout().toNanos();
      askedAt = 0;
      if (failure != null || late) {
        failures++;
        log.warn(
            "check GET {} failed, {} in a row: {}",
            settings.appPath(),
            failures,
            failure == null ? "answered late (health.checks.app.timeout)" : failure);
      } else {
        failures = 0;
      }
      record.failedChecks(failures);
      LockSupport.parkNanos(settings.interval().toNanos());
    }
  }

  private @Nullable String ask() {
    try {
      int status = self.get(settings.appPath());
      return status >= 500 ? "status " + status : null;
    } catch (IOException e) {
      return Causes.describe(e);
    }
  }

  /** An answer that does not come counts as a failure for each time that it could have come. */
  void look(long now) {
    long since = askedAt;
    if (since != 0) {
      long overdue = (now - since) / settings.appTimeout().toNanos();
      if (overdue > 0) {
        record.failedChecks(failures + overdue);
      }
    }
  }
}
