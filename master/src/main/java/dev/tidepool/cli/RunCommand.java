package dev.tidepool.cli;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.control.LogLines;
import dev.tidepool.master.Master;
import dev.tidepool.master.StartFailure;
import dev.tidepool.posix.Posix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidepool run}: this process becomes the master. */
@Command(
    name = "run",
    description = "Run the master and its workers in the foreground.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting, stronger than the file; outlives reloads; may be repeated")
  private List<String> sets = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    LoadedSettings settings;
    try {
      settings = options.load(sets);
    } catch (InvalidSettingsException e) {
      return Failures.configuration(e);
    }
    LogLines.start(settings.settings().log().level(), () -> "master");
    try {
      if (settings.settings().classArchive().enabled()) {
        OwnArchive.makeInBackground();
      }
      return new Master(Posix.get(), ConfigOptions.home(), () -> options.load(sets))
          .run(settings)
          .number();
    } catch (StartFailure e) {
      LoggerFactory.getLogger(RunCommand.class).error("{}", e.getMessage());
      return e.exitCode().number();
    } finally {
      System.out.flush();
    }
  }
}
