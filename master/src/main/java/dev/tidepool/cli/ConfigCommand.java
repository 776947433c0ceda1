package dev.tidepool.cli;

import dev.tidepool.conf.Setting;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidepool config}: the effective value of every setting. */
@Command(
    name = "config",
    description = "Show the effective value of every setting, and where it comes from.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();

  @Override
  public Integer call() {
    return options.use(
        loaded -> {
          for (Setting setting : loaded.all()) {
            System.out.println(setting.key() + " = " + setting.value() + "  # " + setting.origin());
          }
        });
  }
}
