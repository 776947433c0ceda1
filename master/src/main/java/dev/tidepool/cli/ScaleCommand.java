package dev.tidepool.cli;

import dev.tidepool.control.OperatorMessage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tidepool scale}. */
@Command(
    name = "scale",
    description = "Serve with another number of workers, until the configured one changes.",
    mixinStandardHelpOptions = true)
final class ScaleCommand implements Callable<Integer> {
  @Mixin private MasterOptions master = new MasterOptions();

  @Parameters(paramLabel = "N", description = "number of workers, 1 to 128")
  private int count;

  @Override
  public Integer call() {
    return master.ask(new OperatorMessage.Scale(count), System.out::println);
  }
}
