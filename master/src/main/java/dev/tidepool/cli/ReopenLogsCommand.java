package dev.tidepool.cli;

import dev.tidepool.control.OperatorMessage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidepool reopen-logs}. */
@Command(
    name = "reopen-logs",
    description = "Open the log file anew, after it was moved away.",
    mixinStandardHelpOptions = true)
final class ReopenLogsCommand implements Callable<Integer> {
  @Mixin private MasterOptions master = new MasterOptions();

  @Override
  public Integer call() {
    return master.ask(new OperatorMessage.ReopenLogs(), System.out::println);
  }
}
