package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.util.List;

/**
 * Settings that passed every check.
 *
 * @param effective the tree below the root {@code tidepool}, complete and resolved, its paths
 *     absolute: rendered to JSON it is what {@link SettingsLoader#fromJson} reads
 * @param all every leaf of that tree, sorted as {@code reference.conf} is
 */
public record LoadedSettings(Settings settings, Config effective, List<Setting> all) {}
