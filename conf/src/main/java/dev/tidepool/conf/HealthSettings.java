package dev.tidepool.conf;

import java.time.Duration;

/** Signs of life of a worker. */
public record HealthSettings(Duration heartbeatInterval) {}
