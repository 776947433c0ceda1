package dev.tidepool.conf;

import java.time.Duration;
import java.util.Optional;

/** Who may use the control socket, and how much of it. */
public record ControlSettings(Optional<String> group, int maxClients, Duration idleTimeout) {}
