package dev.tidepool.cli;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.conf.SettingsLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the configuration comes from. */
final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "configuration file; default: conf/tidepool.conf of the distribution")
  private @Nullable Path file;

  /**
   * Reads everything again at each call, as a reload does; {@code sets} are stronger than the file.
   */
  LoadedSettings load(List<String> sets) throws InvalidSettingsException {
    return SettingsLoader.load(home(), Optional.of(file()), sets, System.getenv());
  }

  Path file() {
    return file == null ? home().resolve("conf/tidepool.conf") : file.toAbsolutePath();
  }

  /** The distribution: {@code bin/tidepool} says where. */
  static Path home() {
    String home = System.getenv("TIDEPOOL_HOME");
    return Path.of(home == null ? "" : home).toAbsolutePath().normalize();
  }
}
