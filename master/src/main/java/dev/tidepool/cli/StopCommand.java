package dev.tidepool.cli;

import dev.tidepool.control.OperatorMessage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidepool stop}. */
@Command(
    name = "stop",
    description = "Stop gracefully: answer what is under way, then end.",
    mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
  @Mixin private MasterOptions master = new MasterOptions();

  @Option(names = "--fast", description = "do not wait for requests under way")
  private boolean fast;

  @Override
  public Integer call() {
    return master.ask(new OperatorMessage.Stop(fast), System.out::println);
  }
}
