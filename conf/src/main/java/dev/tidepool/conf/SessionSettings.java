package dev.tidepool.conf;

import java.time.Duration;

/** Life and cookie of HTTP sessions. */
public record SessionSettings(Duration timeout, String cookie) {}
