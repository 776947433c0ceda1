package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;

/** The app to serve and the settings it is handed. */
public record AppSettings(Path path, Config settings) {}
