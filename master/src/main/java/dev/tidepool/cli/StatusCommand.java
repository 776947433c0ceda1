package dev.tidepool.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.control.OperatorMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidepool status}: the pool at a glance, or as JSON. */
@Command(
    name = "status",
    description = "Show the master and its workers.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final String ROW = "%-8s %8s %4s %-9s %4s %8s %12s %10s %10s%n";

  @Mixin private MasterOptions master = new MasterOptions();

  @Option(names = "--json", description = "as JSON, for scripts")
  private boolean json;

  @Override
  public Integer call() {
    return master.ask(
        new OperatorMessage.Status(),
        json ? System.out::println : text -> show(ConfigFactory.parseString(text)));
  }

  private static void show(Config status) {
    System.out.printf(
        "master pid %d, up %s, generation %d%s%s%n",
        status.getInt("master.pid"),
        duration(status.getLong("master.uptimeSeconds")),
        status.getInt("generation"),
        status.getBoolean("reloading") ? ", reloading" : "",
        status.getBoolean("suspended") ? ", all workers drained" : "");
    List<String> addresses = new ArrayList<>(status.getStringList("listen.http"));
    status.getStringList("listen.https").forEach(address -> addresses.add(address + " (TLS)"));
    System.out.println("serves on " + String.join(", ", addresses));
    if (!status.getStringList("listen.admin").isEmpty()) {
      System.out.println("admin on " + String.join(", ", status.getStringList("listen.admin")));
    }
    System.out.printf(
        ROW, "place", "pid", "gen", "state", "proc", "up", "connections", "in flight", "served");
    status.getConfigList("workers").forEach(StatusCommand::row);
  }

  private static void row(Config worker) {
    String role = worker.getString("role");
    System.out.printf(
        ROW,
        role.equals("slot") ? "slot " + worker.getInt("slot") : role,
        worker.getInt("pid"),
        worker.getInt("generation"),
        worker.getString("state"),
        worker.getString("process"),
        duration(worker.getLong("uptimeSeconds")),
        worker.getInt("connections"),
        worker.getLong("inFlight"),
        worker.getLong("served"));
  }

  private static String duration(long seconds) {
    return seconds < 120
        ? seconds + "s"
        : seconds < 7200
            ? seconds / 60 + "m"
            : seconds < 172800 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }
}
