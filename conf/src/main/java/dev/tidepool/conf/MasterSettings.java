package dev.tidepool.conf;

import java.time.Duration;

/** What workers do without a master. */
public record MasterSettings(Duration grace) {}
