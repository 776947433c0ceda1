package dev.tidepool.cli;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.conf.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where the configuration comes from. */
final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "configuration file; default: conf/tidepool.conf of the distribution")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting, stronger than the file; may be repeated, outlives reloads")
  private List<String> sets = new ArrayList<>();

  /** Reads everything again at each call, as a reload does. */
  LoadedSettings load() throws InvalidSettingsException {
    return SettingsLoader.load(home(), Optional.of(file()), sets, System.getenv());
  }

  Path file() {
    return file == null ? home().resolve("conf/tidepool.conf") : file.toAbsolutePath();
  }

  List<String> sets() {
    return sets;
  }

  /** The distribution: {@code bin/tidepool} says where. */
  static Path home() {
    String home = System.getenv("TIDEPOOL_HOME");
    return Path.of(home == null ? "" : home).toAbsolutePath().normalize();
  }
}
