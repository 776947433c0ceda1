package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.flag;
import static dev.tidepool.conf.SettingRow.row;
import static dev.tidepool.conf.SettingRow.size;
import static dev.tidepool.conf.SettingRow.time;

import java.time.Duration;
import java.util.List;

/** Settings of workers that leave, and what is kept of those that died. */
final class LeavingRows {
  private LeavingRows() {}

  static List<SettingRow> all() {
    return List.of(
        count("recycle.requests", 5, 0, 1_000_000_000, s -> s.recycle().requests()),
        time(
            "recycle.lifetime",
            "1 h",
            Duration.ofHours(1),
            "0 s to 365 d",
            s -> s.recycle().lifetime()),
        size(
            "recycle.memory",
            "400 MiB",
            400L << 20,
            "0 B to 1 TiB",
            s -> s.recycle().memoryBytes()),
        row(
            "recycle.jitter",
            "0.3",
            0.3,
            s -> s.recycle().jitter(),
            bad("-0.1", "0.0 to 0.5"),
            bad("0.6", "0.0 to 0.5"),
            bad("x", "expected a number")),
        time(
            "recycle.interval",
            "2 s",
            Duration.ofSeconds(2),
            "100 ms to 1 h",
            s -> s.recycle().interval()),
        count("incidents.keep", 7, 1, 1000, s -> s.incidents().keep()),
        size("incidents.size", "2 MiB", 2L << 20, "1 MiB to 1 TiB", s -> s.incidents().sizeBytes()),
        time(
            "incidents.answer-timeout",
            "3 s",
            Duration.ofSeconds(3),
            "100 ms to 1 m",
            s -> s.incidents().answerTimeout()),
        flag("incidents.heap-dump", true, s -> s.incidents().heapDump()),
        flag("incidents.flight-recorder", true, s -> s.incidents().flightRecorder()),
        time("drain.notice", "5 s", Duration.ofSeconds(5), "0 s to 10 m", s -> s.drain().notice()),
        time("drain.ramp", "0 s", Duration.ZERO, "0 s to 10 m", s -> s.drain().ramp()),
        time("drain.idle-window", "0 s", Duration.ZERO, "0 s to 10 m", s -> s.drain().idleWindow()),
        time("drain.spread", "3 s", Duration.ofSeconds(3), "0 s to 24 h", s -> s.drain().spread()),
        time(
            "drain.timeout",
            "2 m",
            Duration.ofMinutes(2),
            "0 s to 24 h",
            s -> s.drain().timeout()));
  }
}
