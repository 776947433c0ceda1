package dev.tidepool.cli;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.master.Preflight;
import dev.tidepool.master.StartFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidepool check}: what a start or reload would say of configuration and app. */
@Command(
    name = "check",
    description = "Check configuration and app without touching a running master.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting, stronger than the file; may be repeated")
  private List<String> sets = new ArrayList<>();

  @Override
  public Integer call() {
    try {
      LoadedSettings loaded = options.load(sets);
      Preflight.check(loaded.settings());
      System.out.println(options.file() + ": ok");
      return 0;
    } catch (InvalidSettingsException e) {
      return Failures.configuration(e);
    } catch (StartFailure e) {
      return Failures.with(e.exitCode(), String.valueOf(e.getMessage()));
    }
  }
}
