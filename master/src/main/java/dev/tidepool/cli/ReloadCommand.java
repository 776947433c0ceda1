package dev.tidepool.cli;

import dev.tidepool.control.OperatorMessage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidepool reload}. */
@Command(
    name = "reload",
    description = "Bring new configuration and app into service; wait for the verdict.",
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
  @Mixin private MasterOptions master = new MasterOptions();

  @Option(names = "--no-wait", description = "return at once; the verdict is in the log")
  private boolean noWait;

  @Override
  public Integer call() {
    return master.ask(new OperatorMessage.Reload(!noWait), System.out::println);
  }
}
