package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.choice;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.flag;
import static dev.tidepool.conf.SettingRow.size;
import static dev.tidepool.conf.SettingRow.time;

import java.time.Duration;
import java.util.List;

/** Settings of requests, and how much of them is too much. */
final class HttpRows {
  private HttpRows() {}

  static List<SettingRow> all() {
    return List.of(
        choice(
            "http.paths",
            "refuse",
            HttpSettings.Paths.REFUSE,
            "canonical, refuse, as-sent",
            s -> s.http().paths()),
        flag("http.request-ids", false, s -> s.http().requestIds()),
        count("limits.connections", 500, 0, 1_000_000, s -> s.limits().connections()),
        count("limits.request-rate", 50, 0, 1_000_000, s -> s.limits().requestRate()),
        time(
            "limits.idle-timeout",
            "90 s",
            Duration.ofSeconds(90),
            "1 s to 24 h",
            s -> s.limits().idleTimeout()),
        size(
            "limits.header-size",
            "8 KiB",
            8192,
            "1 KiB to 1 MiB",
            s -> s.limits().headerSizeBytes()),
        count("limits.header-count", 50, 10, 1000, s -> s.limits().headerCount()),
        size(
            "limits.body-size",
            "16 GiB",
            16L << 30,
            "0 B to 16 GiB",
            s -> s.limits().bodySizeBytes()),
        size(
            "limits.body-buffer",
            "1 MiB",
            1L << 20,
            "0 B to 16 MiB",
            s -> s.limits().bodyBufferBytes()),
        size("limits.min-rate", "1 KiB", 1024L, "0 B to 1 MiB", s -> s.limits().minRateBytes()),
        time(
            "limits.min-rate-window",
            "30 s",
            Duration.ofSeconds(30),
            "1 s to 1 h",
            s -> s.limits().minRateWindow()));
  }
}
