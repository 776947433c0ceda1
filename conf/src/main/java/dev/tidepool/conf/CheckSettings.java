package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What is looked at in each worker beside its signs of life, below {@code health.checks}.
 *
 * @param interval between two looks
 * @param failures looks in a row at which a limit must be passed before anything is done
 * @param appPath what the worker requests from its own app; empty for nothing
 * @param loopLag by how much an I/O thread may run late
 * @param gcTime part of the time that collections may take
 * @param heap part of the Java heap that may be in use after a collection
 * @param directMemory part of its limit that direct buffers may take
 * @param descriptors part of its limit that open descriptors may take, those of connections apart
 * @param schedulingDelay part of the time that the process may wait for a processor
 */
public record CheckSettings(
    Duration interval,
    int failures,
    CheckAction deadlock,
    String appPath,
    Duration appTimeout,
    CheckAction app,
    Duration loopLagLimit,
    CheckAction loopLag,
    Limit gcTime,
    Limit heap,
    Limit directMemory,
    Limit descriptors,
    Limit schedulingDelay) {

  /** A part of something, 0 to 1, and what becomes of a worker that is beyond. */
  public record Limit(double limit, CheckAction action) {
    private static Limit from(Section in, String check) {
      return new Limit(
          in.fraction(check + ".limit", 0.01, 1.0),
          in.choice(check + ".action", CheckAction.class));
    }
  }

  static CheckSettings from(Config root, Problems problems) {
    var in = new Section(root, "health.checks", problems);
    var c =
        new CheckSettings(
            in.duration("interval", "100 ms", "10 m"),
            in.integer("failures", 1, 1000),
            in.choice("deadlock.action", CheckAction.class),
            in.text("app.path"),
            in.duration("app.timeout", "10 ms", "10 m"),
            in.choice("app.action", CheckAction.class),
            in.duration("loop-lag.limit", "10 ms", "10 m"),
            in.choice("loop-lag.action", CheckAction.class),
            Limit.from(in, "gc-time"),
            Limit.from(in, "heap"),
            Limit.from(in, "direct-memory"),
            Limit.from(in, "descriptors"),
            Limit.from(in, "scheduling-delay"));
    in.require(
        c.appPath.isEmpty() || WarmUpSettings.TARGET.matcher(c.appPath).matches(),
        "app.path",
        "expected a path that begins with \"/\", without spaces, or none");
    return c;
  }
}
