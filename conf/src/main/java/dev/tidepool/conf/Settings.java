package dev.tidepool.conf;

import java.nio.file.Path;

/** All settings below the root {@code tidepool}; {@code reference.conf} documents each. */
public record Settings(
    Path runDir,
    ListenSettings listen,
    WorkerSettings workers,
    AppSettings app,
    ReloadSettings reload,
    WarmUpSettings warmUp,
    BalanceSettings balance,
    HealthSettings health,
    DrainSettings drain,
    LimitSettings limits,
    SessionSettings sessions,
    LogSettings log,
    ControlSettings control,
    MasterSettings master) {}
