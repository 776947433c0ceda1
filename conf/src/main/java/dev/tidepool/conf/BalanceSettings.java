package dev.tidepool.conf;

import java.time.Duration;

/** Hand-over of accepted connections between workers. */
public record BalanceSettings(boolean enabled, int slack, Duration staleAfter, Duration shedTime) {}
