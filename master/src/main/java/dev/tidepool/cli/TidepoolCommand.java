package dev.tidepool.cli;

import dev.tidepool.master.ExitCode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidepool}: the commands are its children, and only the one that is asked for is read. */
@Command(
    name = "tidepool",
    description = "A prefork application server for Java: a master and its pool of worker JVMs.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = TidepoolCommand.Version.class,
    footer = {
      "",
      "Signals to the master: HUP reload; QUIT stop gracefully; TERM, INT stop fast;",
      "USR1 reopen logs; WINCH drain all workers; TTIN, TTOU one worker more or less.",
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 usage, 69 no master there,",
      "77 not allowed, 78 configuration."
    })
public final class TidepoolCommand implements Runnable {
  /** In the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("run", RunCommand.class);
    COMMANDS.put("check", CheckCommand.class);
    COMMANDS.put("config", ConfigCommand.class);
    COMMANDS.put("archive", ArchiveCommand.class);
    COMMANDS.put("status", StatusCommand.class);
    COMMANDS.put("reload", ReloadCommand.class);
    COMMANDS.put("stop", StopCommand.class);
    COMMANDS.put("scale", ScaleCommand.class);
    COMMANDS.put("drain", DrainCommand.class);
    COMMANDS.put("sessions", SessionsCommand.class);
    COMMANDS.put("reopen-logs", ReopenLogsCommand.class);
    COMMANDS.put("train", TrainCommand.class);
  }

  @Spec private @Nullable CommandSpec spec;

  /** Runs the command line and answers its exit code. */
  public static int execute(String... arguments) {
    CommandLine line = new CommandLine(new TidepoolCommand());
    // Reading all commands takes as long as all else that a command does.
    String asked = arguments.length == 0 ? "" : arguments[0];
    if (COMMANDS.containsKey(asked)) {
      line.addSubcommand(COMMANDS.get(asked));
    } else {
      COMMANDS.values().forEach(line::addSubcommand);
    }
    CommandLine sessions = line.getSubcommands().get("sessions");
    if (sessions != null) {
      SessionsCommand.takeAnyId(sessions);
    }
    line.setExecutionExceptionHandler(
        (e, failed, parsed) -> {
          failed.getErr().println("tidepool: " + e);
          return ExitCode.REFUSED.number();
        });
    line.setParameterExceptionHandler(TidepoolCommand::usage);
    return line.execute(arguments);
  }

  /** One line, a suggestion if there is one, and where to read on; not the whole help. */
  private static int usage(ParameterException e, String... arguments) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("tidepool: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("`" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help` tells more");
    return ExitCode.USAGE.number();
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "a command is missing");
  }

  /** The version of the jar that this class came in. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = TidepoolCommand.class.getPackage().getImplementationVersion();
      return new String[] {"tidepool " + (version == null ? "unknown" : version)};
    }
  }
}
