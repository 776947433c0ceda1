package dev.tidepool.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.control.OperatorMessage;
import dev.tidepool.control.SessionQuestion;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidepool sessions}: what a serving worker tells of the store that all share. */
@Command(
    name = "sessions",
    description = "Show how full the shared session store is, and what happened to it.",
    mixinStandardHelpOptions = true)
final class SessionsCommand implements Callable<Integer> {
  private static final String ID = "id of the session, as in its cookie";

  @Mixin private Asking asking = new Asking();

  /** Whom to ask, and how the answer is shown. */
  static final class Asking {
    @Mixin private MasterOptions master = new MasterOptions();

    @Option(names = "--json", description = "as JSON, for scripts")
    private boolean json;

    int ask(SessionQuestion question, String id, Consumer<Config> shown) {
      return master.ask(
          new OperatorMessage.Sessions(question, id),
          json ? System.out::println : text -> shown.accept(ConfigFactory.parseString(text)));
    }
  }

  /** One in 64 ids begins with a dash, like an option. */
  static void takeAnyId(CommandLine sessions) {
    sessions.getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().positionalParameters().isEmpty())
        .forEach(
            command ->
                command
                    .setUnmatchedOptionsArePositionalParams(true)
                    .setPosixClusteredShortOptionsAllowed(false));
  }

  /** Takes {@code -V…} as well, which picocli holds for short options in one word. */
  static final class AnyId implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec id, Map<String, Object> unused) {
      id.setValue(words.pop());
      return true;
    }
  }

  @Override
  public Integer call() {
    return asking.ask(SessionQuestion.STATISTICS, "", SessionsCommand::statistics);
  }

  @Command(
      description = "Show a session, of each app that has it, without the values of attributes.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin Asking of,
      @Parameters(paramLabel = "ID", description = ID, preprocessor = AnyId.class) String id) {
    return of.ask(SessionQuestion.SHOW, id, SessionsCommand::sessions);
  }

  @Command(description = "End a session: log its user out.", mixinStandardHelpOptions = true)
  int drop(
      @Mixin Asking of,
      @Parameters(paramLabel = "ID", description = ID, preprocessor = AnyId.class) String id) {
    return of.ask(SessionQuestion.DROP, id, dropped -> System.out.println("session dropped"));
  }

  @Command(
      description = "Read the whole store while it is in use, and check it.",
      mixinStandardHelpOptions = true)
  int verify(@Mixin Asking of) {
    return of.ask(SessionQuestion.VERIFY, "", SessionsCommand::verdict);
  }

  private static void statistics(Config store) {
    System.out.printf(
        "sessions   %d of %d, %d bytes%n",
        store.getLong("sessions"), store.getLong("capacity"), store.getLong("bytes"));
    System.out.printf(
        "ended      %d expired, %d evicted; %d refused for want of room%n",
        store.getLong("expired"), store.getLong("evicted"), store.getLong("refused"));
    System.out.printf(
        "look-ups   %d hits, %d misses; %d attributes could not be decoded%n",
        store.getLong("hits"), store.getLong("misses"), store.getLong("undecodable"));
    System.out.printf(
        "segments   %d; %d waits for one in use, %d taken over from the dead, %d repaired%n",
        store.getLong("segments"),
        store.getLong("lockWaits"),
        store.getLong("takeovers"),
        store.getLong("recoveries"));
  }

  private static void sessions(Config shown) {
    shown.getConfigList("sessions").forEach(SessionsCommand::session);
  }

  private static void session(Config session) {
    System.out.printf(
        "session %s of app %s: %d bytes, version %d%n",
        session.getString("id"),
        session.getString("app"),
        session.getLong("bytes"),
        session.getLong("version"));
    System.out.printf(
        "created %s, accessed %s, ends %s%n",
        session.getString("created"), session.getString("accessed"), session.getString("expires"));
    for (Config attribute : session.getConfigList("attributes")) {
      System.out.printf("  %s: %d bytes%n", attribute.getString("name"), attribute.getInt("bytes"));
    }
  }

  private static void verdict(Config verdict) {
    List<String> problems = verdict.getStringList("problems");
    System.out.printf(
        "%d sessions of %d bytes in %d segments: %s%n",
        verdict.getLong("sessions"),
        verdict.getLong("bytes"),
        verdict.getLong("segments"),
        problems.isEmpty() ? "all is well" : problems.size() + " problems");
    problems.forEach(problem -> System.out.println("  " + problem));
  }
}
