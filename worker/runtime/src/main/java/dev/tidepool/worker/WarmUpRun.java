package dev.tidepool.worker;

import dev.tidepool.conf.Settings;
import dev.tidepool.conf.WarmUpSettings;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of a worker to itself, until their latency settles: a JVM is slow until its code is
 * compiled. They go through a listening socket and the whole chain of handlers.
 */
final class WarmUpRun {
  private static final Logger log = LoggerFactory.getLogger(WarmUpRun.class);

  /** One connection with two, and one with one that is answered as in a drain, in turn. */
  private static final int REQUESTS_OF_TWO_CONNECTIONS = 3;

  private final WarmUpSettings settings;
  private final List<OwnRequest> targets;
  private final Service service;
  private int requests;

  WarmUpRun(Settings settings, Service service) {
    this.settings = settings.warmUp();
    this.targets = OwnRequest.all(settings.apps(), this.settings.paths());
    this.service = service;
  }

  /**
   * Blocks until the warm-up is over.
   *
   * @return how many requests were made
   * @throws AppFailure if an answer is a server error or breaks off
   */
  int run() throws AppFailure {
    if (settings.limit().isZero() || targets.isEmpty()) {
      return 0;
    }
    try (WarmUpListener listener = service.warmUpListener()) {
      return run(listener::connect);
    } catch (IOException e) {
      log.warn("warm-up without accepting: no socket on loopback: {}", e.getMessage());
      return run(service::connectToItself);
    } finally {
      service.front.goodbye.rehearse(false);
    }
  }

  private int run(SelfRequests.Way way) throws AppFailure {
    long deadline = System.nanoTime() + settings.limit().toNanos();
    try (var self = new SelfRequests(way)) {
      double before = Double.MAX_VALUE;
      while (true) {
        long begin = System.nanoTime();
        int made = round(self, deadline);
        if (made < settings.round()) {
          return requests; // the limit
        }
        double micros = (System.nanoTime() - begin) / 1e3 / made;
        log.debug("warm-up: {} requests, {} us each", requests, Math.round(micros));
        if (micros > before * (1 - settings.settled())) {
          return requests;
        }
        before = micros;
      }
    }
  }

  private int round(SelfRequests self, long deadline) throws AppFailure {
    int made = 0;
    while (made < settings.round() && System.nanoTime() - deadline < 0) {
      int turn = requests % REQUESTS_OF_TWO_CONNECTIONS;
      if (turn != 1) {
        self.close(); // opening a connection is to be as warm as a request is
        service.front.goodbye.rehearse(turn == 2);
      }
      request(self, targets.get(requests % targets.size()));
      requests++;
      made++;
    }
    return made;
  }

  private void request(SelfRequests self, OwnRequest target) throws AppFailure {
    int status;
    try {
      status = self.get(target);
    } catch (IOException e) {
      throw new AppFailure("warm-up", target + ": " + e.getMessage(), e);
    }
    if (status >= 500) {
      throw new AppFailure("warm-up", target + " answered " + status);
    }
  }
}
