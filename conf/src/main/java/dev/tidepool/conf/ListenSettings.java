package dev.tidepool.conf;

import java.util.List;
import java.util.Optional;

/** Addresses that the master opens, in the order of the configuration. */
public record ListenSettings(
    List<ListenAddress> http, Optional<ListenAddress> admin, int backlog, int unixMode) {}
