package dev.tidepool.cli;

import dev.tidepool.control.OperatorMessage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidepool drain}. */
@Command(
    name = "drain",
    description = "Drain all workers and start none until the next reload or scale.",
    mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
  @Mixin private MasterOptions master = new MasterOptions();

  @Override
  public Integer call() {
    return master.ask(new OperatorMessage.Drain(), System.out::println);
  }
}
