package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;

/** All settings below the root {@code tidepool}; {@code reference.conf} documents each. */
public record Settings(
    Path runDir,
    ListenSettings listen,
    TlsSettings tls,
    Http2Settings http2,
    ProxySettings proxies,
    WorkerSettings workers,
    YoungGenerationSettings youngGeneration,
    ClassArchiveSettings classArchive,
    List<AppSettings> apps,
    ServletSettings servlet,
    ReloadSettings reload,
    WarmUpSettings warmUp,
    BalanceSettings balance,
    HealthSettings health,
    RequestSettings request,
    PoisonSettings poison,
    ScalingSettings scaling,
    RecycleSettings recycle,
    IncidentSettings incidents,
    DrainSettings drain,
    HttpSettings http,
    LimitSettings limits,
    SessionSettings sessions,
    AccessLogSettings accessLog,
    LogSettings log,
    ControlSettings control,
    MasterSettings master) {

  /** Where workers keep what they make of an app once, in a directory named by the app's hash. */
  public Path appWork() {
    return runDir.resolve("app-work");
  }

  /** Where apps keep their temporary files, shared by all workers and generations. */
  public Path appTemp() {
    return runDir.resolve("app-temp");
  }

  static Settings from(Config root, Problems problems) {
    var in = new Section(root, problems);
    TlsSettings tls = TlsSettings.from(root, problems);
    var c =
        new Settings(
            in.path("run-dir"),
            ListenSettings.from(root, tls, problems),
            tls,
            Http2Settings.from(root, problems),
            ProxySettings.from(root, problems),
            WorkerSettings.from(root, problems),
            YoungGenerationSettings.from(root, problems),
            ClassArchiveSettings.from(root, problems),
            AppSettings.list(root, problems),
            ServletSettings.from(root, problems),
            ReloadSettings.from(root, problems),
            WarmUpSettings.from(root, problems),
            BalanceSettings.from(root, problems),
            HealthSettings.from(root, problems),
            RequestSettings.from(root, problems),
            PoisonSettings.from(root, problems),
            ScalingSettings.from(root, problems),
            RecycleSettings.from(root, problems),
            IncidentSettings.from(root, problems),
            DrainSettings.from(root, problems),
            HttpSettings.from(root, problems),
            LimitSettings.from(root, problems),
            SessionSettings.from(root, problems),
            AccessLogSettings.from(root, problems),
            LogSettings.from(root, problems),
            ControlSettings.from(root, problems),
            MasterSettings.from(root, problems));
    in.compare(
        c.reload.surge() <= c.workers.count(), "reload.surge", "expected at most", "workers.count");
    in.compare(
        c.youngGeneration.minBytes() <= c.workers.youngGenerationBytes(),
        "young-generation.min",
        "expected at most",
        "workers.young-generation");
    in.compare(
        c.warmUp.limit().compareTo(c.workers.startTimeout()) < 0,
        "warm-up.limit",
        "expected less than",
        "workers.start-timeout");
    in.compare(
        c.balance.staleAfter().compareTo(c.health.heartbeatInterval().multipliedBy(2)) >= 0,
        "balance.stale-after",
        "expected at least twice",
        "health.heartbeat-interval");
    int bytes = AddressParser.bytes(c.runDir.resolve("workers.sock"));
    in.require(
        bytes <= AddressParser.LONGEST_UNIX_PATH,
        "run-dir",
        "expected a shorter path: run-dir/workers.sock has "
            + bytes
            + " bytes, a Unix socket at most "
            + AddressParser.LONGEST_UNIX_PATH);
    return c;
  }
}
