package dev.tidepool.cli;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.master.ExitCode;
import dev.tidepool.master.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The configuration, for commands that need it and no master. */
final class SettingsOptions {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting, stronger than the file; may be repeated")
  private List<String> sets = new ArrayList<>();

  /** What a command does with the settings. */
  interface Use {
    void of(LoadedSettings loaded) throws StartFailure, IOException;
  }

  /** Loads the settings, has them used, and answers the exit code. */
  int use(Use use) {
    try {
      use.of(config.load(sets));
      return ExitCode.DONE.number();
    } catch (InvalidSettingsException e) {
      return Failures.configuration(e);
    } catch (StartFailure e) {
      return Failures.with(e.exitCode(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Failures.with(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  Path file() {
    return config.file();
  }
}
