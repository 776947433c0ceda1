package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.action;
import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.part;
import static dev.tidepool.conf.SettingRow.row;
import static dev.tidepool.conf.SettingRow.size;
import static dev.tidepool.conf.SettingRow.time;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings of what is sick, what is slow, and how many workers there are. */
final class HealthRows {
  private HealthRows() {}

  static List<SettingRow> all() {
    return List.of(
        time(
            "health.heartbeat-interval",
            "50 ms",
            Duration.ofMillis(50),
            "10 ms to 1 m",
            s -> s.health().heartbeatInterval()),
        row(
            "health.heartbeat-timeout",
            "3 s",
            Duration.ofSeconds(3),
            s -> s.health().heartbeatTimeout(),
            bad("99 ms", "100 ms to 10 m"),
            bad("11 m", "100 ms to 10 m"),
            bad("150 ms", "expected at least twice health.heartbeat-interval = 100 ms")),
        row(
            "health.stopped-timeout",
            "5 m",
            Duration.ofMinutes(5),
            s -> s.health().stoppedTimeout(),
            bad("999 ms", "1 s to 24 h"),
            bad("25 h", "1 s to 24 h"),
            bad("1 s", "expected at least health.heartbeat-timeout = 2 s")),
        time(
            "health.checks.interval",
            "3 s",
            Duration.ofSeconds(3),
            "100 ms to 10 m",
            s -> s.health().checks().interval()),
        count("health.checks.failures", 7, 1, 1000, s -> s.health().checks().failures()),
        action("health.checks.deadlock.action", s -> s.health().checks().deadlock()),
        row(
            "health.checks.app.path",
            "/health",
            "/health",
            s -> s.health().checks().appPath(),
            bad("health", "expected a path that begins with"),
            bad("\"/a b\"", "expected a path that begins with")),
        time(
            "health.checks.app.timeout",
            "3 s",
            Duration.ofSeconds(3),
            "10 ms to 10 m",
            s -> s.health().checks().appTimeout()),
        action("health.checks.app.action", s -> s.health().checks().app()),
        time(
            "health.checks.loop-lag.limit",
            "3 s",
            Duration.ofSeconds(3),
            "10 ms to 10 m",
            s -> s.health().checks().loopLagLimit()),
        action("health.checks.loop-lag.action", s -> s.health().checks().loopLag()),
        part("health.checks.gc-time.limit", s -> s.health().checks().gcTime().limit()),
        action("health.checks.gc-time.action", s -> s.health().checks().gcTime().action()),
        part("health.checks.heap.limit", s -> s.health().checks().heap().limit()),
        action("health.checks.heap.action", s -> s.health().checks().heap().action()),
        part("health.checks.direct-memory.limit", s -> s.health().checks().directMemory().limit()),
        action(
            "health.checks.direct-memory.action", s -> s.health().checks().directMemory().action()),
        part("health.checks.descriptors.limit", s -> s.health().checks().descriptors().limit()),
        action("health.checks.descriptors.action", s -> s.health().checks().descriptors().action()),
        part(
            "health.checks.scheduling-delay.limit",
            s -> s.health().checks().schedulingDelay().limit()),
        action(
            "health.checks.scheduling-delay.action",
            s -> s.health().checks().schedulingDelay().action()),
        time(
            "request.soft-timeout",
            "3 s",
            Duration.ofSeconds(3),
            "0 s to 24 h",
            s -> s.request().limit().soft()),
        time(
            "request.hard-timeout",
            "3 s",
            Duration.ofSeconds(3),
            "0 s to 24 h",
            s -> s.request().limit().hard()),
        time(
            "request.interrupt-grace",
            "3 s",
            Duration.ofSeconds(3),
            "10 ms to 1 h",
            s -> s.request().interruptGrace()),
        row(
            "request.paths",
            "{\"/export\" {hard-timeout = 3 m}}",
            Map.of("/export", new RequestLimit(Duration.ofSeconds(10), Duration.ofMinutes(3))),
            s -> s.request().paths(),
            bad("{export {}}", "expected each name to be a path"),
            bad("{\"/a\" = 1}", "expected a section"),
            bad("{\"/a\" {hard-timeout = 3}}", "expected a duration with its unit"),
            bad("{\"/a\" {hard = 3 s}}", "unknown key; known are hard-timeout, soft-timeout")),
        count("poison.deaths", 7, 2, 1000, s -> s.poison().deaths()),
        time(
            "poison.window", "3 m", Duration.ofMinutes(3), "1 s to 24 h", s -> s.poison().window()),
        time("poison.block", "3 m", Duration.ofMinutes(3), "0 s to 24 h", s -> s.poison().block()),
        row(
            "scaling.grow-above",
            "0.9",
            0.9,
            s -> s.scaling().growAbove(),
            bad("0.01", "0.05 to 1.0"),
            bad("1.1", "0.05 to 1.0"),
            bad("x", "expected a number")),
        time(
            "scaling.grow-after",
            "5 s",
            Duration.ofSeconds(5),
            "0 s to 1 h",
            s -> s.scaling().growAfter()),
        row(
            "scaling.shrink-below",
            "0.2",
            0.2,
            s -> s.scaling().shrinkBelow(),
            bad("-0.1", "0.0 to 0.95"),
            bad("0.96", "0.0 to 0.95"),
            bad("0.75", "expected less than scaling.grow-above = 0.75")),
        time(
            "scaling.shrink-after",
            "5 m",
            Duration.ofMinutes(5),
            "0 s to 24 h",
            s -> s.scaling().shrinkAfter()),
        size(
            "scaling.memory-max",
            "2 GiB",
            2L << 30,
            "0 B to 16 TiB",
            s -> s.scaling().memoryMaxBytes()));
  }
}
