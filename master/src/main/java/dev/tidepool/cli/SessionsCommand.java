package dev.tidepool.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.control.OperatorMessage;
import dev.tidepool.control.SessionQuestion;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidepool sessions}: what a serving worker tells of the store that all share. */
@Command(
    name = "sessions",
    description = "Show how full the shared session store is, and what happened to it.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SessionsCommand.Show.class,
      SessionsCommand.Drop.class,
      SessionsCommand.Verify.class
    })
final class SessionsCommand implements Callable<Integer> {
  @Mixin private MasterOptions master = new MasterOptions();
  @Mixin private Form form = new Form();

  @Override
  public Integer call() {
    return form.ask(master, SessionQuestion.STATISTICS, "", SessionsCommand::statistics);
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

  /** How the answer is shown. */
  static final class Form {
    @Option(names = "--json", description = "as JSON, for scripts")
    private boolean json;

    int ask(
        MasterOptions master,
        SessionQuestion question,
        String id,
        java.util.function.Consumer<Config> shown) {
      return master.ask(
          new OperatorMessage.Sessions(question, id),
          json ? System.out::println : text -> shown.accept(ConfigFactory.parseString(text)));
    }
  }

  /** {@code tidepool sessions show ID}. */
  @Command(
      name = "show",
      description = "Show a session, without the values of its attributes.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private MasterOptions master = new MasterOptions();
    @Mixin private Form form = new Form();

    @Parameters(paramLabel = "ID", description = "id of the session, as in its cookie")
    private String id = "";

    @Override
    public Integer call() {
      return form.ask(master, SessionQuestion.SHOW, id, Show::session);
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
          session.getString("created"),
          session.getString("accessed"),
          session.getString("expires"));
      for (Config attribute : session.getConfigList("attributes")) {
        System.out.printf(
            "  %s: %d bytes%n", attribute.getString("name"), attribute.getInt("bytes"));
      }
    }
  }

  /** {@code tidepool sessions drop ID}. */
  @Command(
      name = "drop",
      description = "End a session: log its user out.",
      mixinStandardHelpOptions = true)
  static final class Drop implements Callable<Integer> {
    @Mixin private MasterOptions master = new MasterOptions();
    @Mixin private Form form = new Form();

    @Parameters(paramLabel = "ID", description = "id of the session, as in its cookie")
    private String id = "";

    @Override
    public Integer call() {
      return form.ask(
          master, SessionQuestion.DROP, id, dropped -> System.out.println("session dropped"));
    }
  }

  /** {@code tidepool sessions verify}. */
  @Command(
      name = "verify",
      description = "Read the whole store while it is in use, and check it.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Mixin private MasterOptions master = new MasterOptions();
    @Mixin private Form form = new Form();

    @Override
    public Integer call() {
      return form.ask(master, SessionQuestion.VERIFY, "", Verify::verdict);
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
}
