package dev.tidepool.conf;

import java.time.Duration;

/** What one client may ask for; sizes in bytes. */
public record LimitSettings(Duration idleTimeout, int headerSizeBytes, long bodySizeBytes) {}
