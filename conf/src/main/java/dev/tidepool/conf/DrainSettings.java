package dev.tidepool.conf;

import java.time.Duration;

/** How long a worker that leaves waits for its clients. */
public record DrainSettings(Duration idleWindow, Duration timeout) {}
