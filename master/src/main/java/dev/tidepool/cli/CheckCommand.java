package dev.tidepool.cli;

import dev.tidepool.master.Preflight;
import dev.tidepool.posix.Posix;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidepool check}: what a start or reload would say of configuration and app. */
@Command(
    name = "check",
    description = "Check configuration and app without touching a running master.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();

  @Override
  public Integer call() {
    return options.use(
        loaded -> {
          Preflight.check(loaded.settings(), ConfigOptions.home(), Posix.get());
          System.out.println(options.file() + ": ok");
        });
  }
}
