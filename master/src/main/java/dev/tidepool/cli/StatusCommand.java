package dev.tidepool.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.control.OperatorMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
  private static final String ROW = "%-8s %8s %4s %-9s %4s %8s %6s %12s %10s %10s%n";

  @Mixin private MasterOptions master = new MasterOptions();

  @Option(names = "--json", description = "as JSON, for scripts")
  private boolean json;

  /**
   * The command of a line that needs no parser, which takes longer than all the rest: scripts ask
   * for the status every few seconds. Empty for any other line, also for a wrong one.
   */
  static Optional<StatusCommand> asPlainlyAsked(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("status")) {
      return Optional.empty();
    }
    StatusCommand command = new StatusCommand();
    for (int i = 1; i < arguments.length; i++) {
      if (arguments[i].equals("--json")) {
        command.json = true;
      } else if (arguments[i].matches("--run-dir=.+")) {
        command.master.in(Path.of(arguments[i].substring("--run-dir=".length())));
      } else if (arguments[i].equals("--run-dir")
          && i + 1 < arguments.length
          && arguments[i + 1].matches("[^-].*")) {
        i++;
        command.master.in(Path.of(arguments[i]));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(command);
  }

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
    if (status.hasPath("fallback")) {
      System.out.println(status.getString("fallback"));
    }
    if (status.hasPath("sizing") && status.getBoolean("sizing.dynamic")) {
      System.out.printf(
          Locale.ROOT,
          "%d to %d workers, %.0f %% busy; size: %s%n",
          status.getInt("sizing.min"),
          status.getInt("sizing.max"),
          100 * status.getDouble("sizing.busy"),
          status.getString("sizing.why"));
    }
    List<String> addresses = new ArrayList<>(status.getStringList("listen.http"));
    if (status.hasPath("listen.https")) {
      status.getStringList("listen.https").forEach(address -> addresses.add(address + " (TLS)"));
    }
    status.getConfigList("apps").forEach(StatusCommand::app);
    System.out.println("serves on " + String.join(", ", addresses));
    if (!status.getStringList("listen.admin").isEmpty()) {
      System.out.println("admin on " + String.join(", ", status.getStringList("listen.admin")));
    }
    if (status.hasPath("listen.agent") && !status.getStringList("listen.agent").isEmpty()) {
      System.out.println("agent on " + String.join(", ", status.getStringList("listen.agent")));
    }
    if (status.hasPath("poisonRequests")) {
      status
          .getObject("poisonRequests")
          .forEach((request, deaths) -> System.out.println(poison(request, deaths.unwrapped())));
    }
    if (status.hasPath("rollout.canary")) {
      canary(status.getConfig("rollout"));
    }
    status.getConfigList("workers").stream()
        .map(StatusCommand::young)
        .distinct()
        .forEach(System.out::println);
    System.out.printf(
        ROW,
        "place",
        "pid",
        "gen",
        "state",
        "proc",
        "up",
        "young",
        "connections",
        "in flight",
        "served");
    status.getConfigList("workers").forEach(StatusCommand::row);
  }

  private static void app(Config app) {
    List<String> hosts = app.getStringList("hosts");
    System.out.printf(
        "app %s%s, %s%n",
        app.getString("context"),
        hosts.isEmpty() ? "" : " of " + String.join(", ", hosts),
        app.getString("path"));
  }

  private static String poison(String request, Object deaths) {
    return request + " was being worked on in " + deaths + " workers when they died";
  }

  private static void canary(Config rollout) {
    Config canary = rollout.getConfig("canary");
    System.out.printf(
        "generation %d, %s, tried for %s%s%n",
        rollout.getInt("generation"),
        rollout.getString("phase"),
        duration(canary.getLong("seconds")),
        canary.getString("waitsFor").isEmpty() ? "" : ": " + canary.getString("waitsFor"));
    for (String side : List.of("new", "old")) {
      System.out.printf("  %s: %s%n", side, canary.getString(side + ".summary"));
    }
  }

  private static String young(Config worker) {
    String why = worker.getString("youngWhy");
    return worker.hasPath("youngBytes")
        ? "young generation of %d MiB: %s".formatted(worker.getLong("youngBytes") >> 20, why)
        : "young generation: " + why;
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
        worker.hasPath("youngBytes") ? (worker.getLong("youngBytes") >> 20) + "M" : "-",
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
