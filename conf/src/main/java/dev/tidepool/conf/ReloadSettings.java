package dev.tidepool.conf;

import java.time.Duration;

/** How a new generation replaces the old one. */
public record ReloadSettings(int surge, Duration watch, int keepGenerations) {}
