package dev.tidepool.cli;

import dev.tidepool.conf.Settings;
import dev.tidepool.master.ClassArchives;
import dev.tidepool.master.RunDir;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidepool archive}: what a pool does in the background, done beforehand. */
@Command(
    name = "archive",
    description =
        "Make the class archives that workers and commands start from, unless they are there.",
    mixinStandardHelpOptions = true)
final class ArchiveCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();

  @Override
  public Integer call() {
    return options.use(
        loaded -> {
          Settings settings = loaded.settings();
          try (var archives = new ClassArchives(RunDir.archives(settings.runDir()))) {
            System.out.println(archives.make(settings, ConfigOptions.home()));
          }
          OwnArchive.make();
        });
  }
}
