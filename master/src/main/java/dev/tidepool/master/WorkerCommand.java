package dev.tidepool.master;

import dev.tidepool.conf.IsolationSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands before the program of a worker: small programs that each set one thing and execute
 * the next, so that the pid stays. The user is changed last, for the others may take root.
 */
final class WorkerCommand {
  private WorkerCommand() {}

  static List<String> before(IsolationSettings settings, Account account) {
    List<String> command = new ArrayList<>(limits(settings));
    if (settings.nice() != 0) {
      command.addAll(List.of("nice", "-n", String.valueOf(settings.nice())));
    }
    settings.sharedCores().ifPresent(list -> command.addAll(List.of("taskset", "-c", list)));
    command.addAll(account.command());
    return command;
  }

  private static List<String> limits(IsolationSettings settings) {
    List<String> limits = new ArrayList<>();
    if (settings.openFiles() != 0) {
      limits.add("--nofile=" + settings.openFiles());
    }
    settings.coreBytes().ifPresent(bytes -> limits.add("--core=" + bytes));
    if (!limits.isEmpty()) {
      limits.add(0, "prlimit");
    }
    return limits;
  }
}
