package dev.tidepool.conf;

import java.nio.file.Path;
import java.util.Optional;

/** Where log lines go. */
public record LogSettings(Optional<Path> file, String level) {}
