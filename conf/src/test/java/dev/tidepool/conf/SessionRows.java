package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.choice;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.flag;
import static dev.tidepool.conf.SettingRow.row;
import static dev.tidepool.conf.SettingRow.size;
import static dev.tidepool.conf.SettingRow.time;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of shared sessions. */
final class SessionRows {
  private SessionRows() {}

  static List<SettingRow> all() {
    return List.of(
        time(
            "sessions.timeout",
            "2 h",
            Duration.ofHours(2),
            "1 s to 365 d",
            s -> s.sessions().timeout()),
        row(
            "sessions.cookie",
            "__Host-id",
            "__Host-id",
            s -> s.sessions().cookie(),
            bad("", "expected a cookie name"),
            bad("a b", "expected a cookie name"),
            bad("a;b", "expected a cookie name")),
        row(
            "sessions.dir",
            "var/sessions",
            Optional.of(Path.of("/opt/tidepool/var/sessions")),
            s -> s.sessions().dir(),
            bad("[]", "expected a path")),
        count("sessions.capacity", 77, 1, 50_000_000, s -> s.sessions().capacity()),
        size(
            "sessions.average-size",
            "128 B",
            128,
            "64 B to 16 MiB",
            s -> s.sessions().averageBytes()),
        row(
            "sessions.max-size",
            "1 MiB",
            1 << 20,
            s -> s.sessions().maximumBytes(),
            bad("17 MiB", "64 B to 16 MiB"),
            bad("big", "expected a size")),
        choice(
            "sessions.when-full",
            "evict-oldest",
            SessionSettings.WhenFull.EVICT_OLDEST,
            "refuse, evict-oldest",
            s -> s.sessions().whenFull()),
        flag("sessions.persist", true, s -> s.sessions().persist()),
        time(
            "sessions.store-timeout",
            "1 s",
            Duration.ofSeconds(1),
            "10 ms to 10 m",
            s -> s.sessions().storeTimeout()),
        choice(
            "sessions.lock",
            "per-request",
            SessionSettings.Lock.PER_REQUEST,
            "none, per-request",
            s -> s.sessions().lock()),
        time(
            "sessions.lock-timeout",
            "1 s",
            Duration.ofSeconds(1),
            "10 ms to 1 h",
            s -> s.sessions().lockTimeout()),
        count("sessions.lock-waiters", 7, 0, 100_000, s -> s.sessions().lockWaiters()),
        row(
            "sessions.allowed-classes",
            "[com.example.Cart, \"org.shop.*\"]",
            List.of("com.example.Cart", "org.shop.*"),
            s -> s.sessions().allowedClasses(),
            bad("one", "expected a list"),
            bad("[\"*\"]", "expected names of classes, or package.*"),
            bad("[\"a b\"]", "expected names of classes, or package.*")),
        choice(
            "sessions.when-undecodable",
            "fail",
            SessionSettings.WhenUndecodable.FAIL,
            "drop-attribute, drop-session, fail",
            s -> s.sessions().whenUndecodable()));
  }
}
