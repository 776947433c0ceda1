package dev.tidepool.worker;

import dev.tidepool.conf.CheckSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.control.WorkerRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests a path from each of the worker's own apps at intervals, on a thread of its own, for they
 * may not answer. How often it failed in a row is on the scoreboard.
 */
final class AppCheck {
  private static final Logger log = LoggerFactory.getLogger(AppCheck.class);

  private final CheckSettings settings;
  private final List<OwnRequest> requests;
  private final SelfRequests self;
  private final WorkerRecord record;
  private int failures;
  private volatile long askedAt;

  AppCheck(Settings all, SelfRequests self, WorkerRecord record) {
    this.settings = all.health().checks();
    this.requests = OwnRequest.all(all.apps(), List.of(settings.appPath()));
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
      boolean failed = false;
      for (OwnRequest request : requests) {
        String failure = check(request);
        if (failure != null) {
          log.warn("check {} failed, {} in a row: {}", request, failures + 1, failure);
          failed = true;
        }
      }
      failures = failed ? failures + 1 : 0;
      record.failedChecks(failures);
      LockSupport.parkNanos(settings.interval().toNanos());
    }
  }

  private @Nullable String check(OwnRequest request) {
    askedAt = System.nanoTime();
    String failure = ask(request);
    boolean late = System.nanoTime() - askedAt > settings.appTimeout().toNanos();
    askedAt = 0;
    return failure == null && late ? "answered late (health.checks.app.timeout)" : failure;
  }

  private @Nullable String ask(OwnRequest request) {
    try {
      int status = self.get(request);
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
