package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.flag;
import static dev.tidepool.conf.SettingRow.row;
import static dev.tidepool.conf.SettingRow.time;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of logs, and those who operate the server. */
final class OperationRows {
  private OperationRows() {}

  static List<SettingRow> all() {
    return List.of(
        flag("access-log.enabled", true, s -> s.accessLog().enabled()),
        row(
            "access-log.file",
            "logs/access.log",
            Optional.of(Path.of("/opt/tidepool/logs/access.log")),
            s -> s.accessLog().file(),
            bad("[]", "expected a path")),
        row(
            "access-log.format",
            "$method $status",
            "$method $status",
            s -> s.accessLog().format(),
            bad("common", "expected combined, json, or a pattern"),
            bad("", "expected combined, json, or a pattern")),
        row(
            "log.file",
            "logs/a#b.log",
            Optional.of(Path.of("/opt/tidepool/logs/a#b.log")),
            s -> s.log().file(),
            bad("[]", "expected a path")),
        row(
            "log.level",
            "DEBUG",
            "DEBUG",
            s -> s.log().level(),
            bad("info", "expected one of ERROR, WARN, INFO, DEBUG, TRACE"),
            bad("", "expected one of")),
        row(
            "control.group",
            "staff",
            Optional.of("staff"),
            s -> s.control().group(),
            bad("[]", "expected a text")),
        count("control.max-clients", 5, 1, 10_000, s -> s.control().maxClients()),
        time(
            "control.idle-timeout",
            "5 s",
            Duration.ofSeconds(5),
            "1 s to 1 h",
            s -> s.control().idleTimeout()),
        time(
            "control.worker-timeout",
            "5 s",
            Duration.ofSeconds(5),
            "1 s to 1 h",
            s -> s.control().workerTimeout()),
        time("master.grace", "1 m", Duration.ofMinutes(1), "0 s to 24 h", s -> s.master().grace()));
  }
}
