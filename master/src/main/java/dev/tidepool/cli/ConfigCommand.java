package dev.tidepool.cli;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidepool config}: the effective value of every setting. */
@Command(
    name = "config",
    description = "Show the effective value of every setting, and where it comes from.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting, stronger than the file; may be repeated")
  private List<String> sets = new ArrayList<>();

  @Override
  public Integer call() {
    try {
      for (Setting setting : options.load(sets).all()) {
        System.out.println(setting.key() + " = " + setting.value() + "  # " + setting.origin());
      }
      return 0;
    } catch (InvalidSettingsException e) {
      return Failures.configuration(e);
    }
  }
}
