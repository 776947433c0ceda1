package dev.tidepool.conf;

import java.time.Duration;
import java.util.List;

/** Requests that a worker sends to itself before it serves. */
public record WarmUpSettings(List<String> paths, int round, double settled, Duration limit) {}
