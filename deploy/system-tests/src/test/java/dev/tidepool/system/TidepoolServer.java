package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Tidepool under test: one for each test, or for a class if the field is static. Owns its
 * directory and all processes that come of it; ends with TERM, then KILL, and fails if anything is
 * left over.
 */
final class TidepoolServer
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  private static final int TAIL_LINES = 80;

  /** In the place of a launcher: run on a terminal of its own. */
  static final String TERMINAL = "on a terminal";

  /** Launchers that stay, with the master as their child. */
  private static final Set<String> FORKING = Set.of("unshare", "script");

  private static final Pattern ADMIN =
      Pattern.compile("listens on (\\S+:\\d+) \\(listen\\.admin\\)");

  /** Stands for a master that is no more. */
  private static final String NOBODY =
      "{\"master\":{\"pid\":0},\"generation\":0,\"reloading\":false,\"workers\":[]}";

  private List<String> lines;
  private List<String> launcher = List.of();
  private boolean startedByTest;
  private boolean ownDistribution;
  private boolean shared;
  private @Nullable ServerDirectory directory;
  private @Nullable Process process;

  /** Length of the log when the master was started: an earlier one had other addresses. */
  private int logBefore;

  private TidepoolServer(List<String> lines) {
    this.lines = lines;
  }

  /** A server with these lines of configuration, below the root {@code tidepool}. */
  static TidepoolServer withConfig(String... lines) {
    return new TidepoolServer(List.of(lines));
  }

  /** Puts a command in front of {@code bin/tidepool run}, such as setpriv or unshare. */
  TidepoolServer launchedBy(String... command) {
    launcher = List.of(command);
    return this;
  }

  /** From a copy of the distribution, which every user can read, wherever the build is. */
  TidepoolServer readableByAll() {
    ownDistribution = true;
    return this;
  }

  /** Leaves the start to the test. */
  TidepoolServer notStarted() {
    startedByTest = true;
    return this;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    shared = true;
    prepare();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    if (!shared) {
      prepare();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (context.getExecutionException().isPresent()) {
      keepEvidence(context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName());
    }
    if (!shared) {
      stopAll();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    stopAll();
  }

  // ---- life ----

  /** Starts the master and waits until every slot serves and every spare is warm. */
  void start(String... arguments) {
    launch(arguments);
    Status status =
        until(START_LIMIT, () -> process().isAlive() ? settledStatus() : Status.parse(NOBODY));
    if (status.masterPid() == 0) {
      throw new AssertionError("tidepool ended with " + process().exitValue() + "\n" + tail());
    }
  }

  /** Starts the master only. */
  void launch(String... arguments) {
    logBefore = log().length();
    var run =
        new ArrayList<String>(
            List.of(command().toString(), "run", "--config", config().toString()));
    run.addAll(List.of(arguments));
    var command = new ArrayList<String>(launcher);
    if (!command.remove(TERMINAL)) {
      command.addAll(run);
    } else {
      // exec: not every shell that SHELL may name replaces itself; the master must be the child.
      // tostop: a terminal that stops what writes to it from the background.
      String onTerminal = "stty tostop; exec " + String.join(" ", run);
      command.addAll(List.of("script", "-qfec", onTerminal, "/dev/null"));
    }
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
    builder.environment().putAll(environment());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts a master that must end by itself; its exit code and all that it printed. */
  Cli.Result launchToItsEnd(String... arguments) {
    launch(arguments);
    return new Cli.Result(awaitExit(Duration.ofMinutes(1)), log());
  }

  /** Waits until the master has ended; its exit code, 128 + n if a signal ended it. */
  int awaitExit(Duration limit) {
    try {
      assertThat(process().waitFor(limit.toSeconds(), SECONDS)).as("ends: %s", tail()).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return process().exitValue();
  }

  // ---- what it is ----

  /** Pid of the master, also if a launcher that forks stands before it. */
  int pid() {
    int pid = (int) process().pid();
    while (FORKING.contains(Processes.read(pid, "comm").strip())) {
      pid = Processes.childrenOf(pid).get(0);
    }
    return pid;
  }

  Process process() {
    return Objects.requireNonNull(process, "not started");
  }

  private Path command() {
    return ownDistribution
        ? directory().distribution().resolve("bin/tidepool")
        : Distribution.COMMAND;
  }

  ServerDirectory directory() {
    return Objects.requireNonNull(directory, "before the test");
  }

  Path config() {
    return directory().config();
  }

  Path runDir() {
    return directory().runDir();
  }

  Path logFile() {
    return directory().log();
  }

  String log() {
    return directory().read(logFile());
  }

  /** What the master says of itself: from its admin pages, which is cheap, else by the command. */
  Status status() {
    Matcher said = ADMIN.matcher(log().substring(logBefore));
    InetSocketAddress page = null;
    while (said.find()) {
      page = Status.tcp(said.group(1));
    }
    if (page == null) {
      return statusByCommand();
    }
    try (var connection = HttpConnection.open(page)) {
      var answer = connection.exchange("GET", "/-/status", new byte[0], "Connection: close\r\n");
      return answer.status() == 200 ? Status.parse(answer.body()) : statusByCommand();
    } catch (IOException e) {
      return statusByCommand();
    }
  }

  Status statusByCommand() {
    Cli.Result result = cli("status", "--json");
    if (result.exitCode() != 0) {
      throw new AssertionError("status: " + result);
    }
    return Status.parse(result.output());
  }

  /** Pids of the workers in slots, by slot. */
  List<Integer> pids() {
    return status().pids();
  }

  /** The first TCP address that it serves. */
  InetSocketAddress address() {
    return status().http().stream()
        .filter(address -> !address.startsWith("unix:"))
        .map(Status::tcp)
        .findFirst()
        .orElseThrow();
  }

  InetSocketAddress adminAddress() {
    return Status.tcp(status().admin().get(0));
  }

  // ---- what one does with it ----

  /** One request on a connection of its own. */
  HttpConnection.Answer get(String path) {
    return request(address(), "GET", path);
  }

  HttpConnection.Answer post(String path) {
    return request(address(), "POST", path);
  }

  static HttpConnection.Answer request(java.net.SocketAddress at, String method, String path) {
    try (var connection = HttpConnection.open(at)) {
      return connection.exchange(method, path, new byte[0], "Connection: close\r\n");
    } catch (IOException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** Runs {@code bin/tidepool} with these arguments, told of this server's run directory. */
  Cli.Result cli(String... arguments) {
    var command = new ArrayList<String>(List.of(command().toString()));
    command.addAll(List.of(arguments));
    var told = new HashMap<>(environment());
    told.put("TIDEPOOL_RUN_DIR", runDir().toString());
    return Cli.run(COMMAND_LIMIT, told, command);
  }

  Cli.Result reload() {
    return cli("reload");
  }

  void signal(int target, Signal signal) {
    Processes.signal(target, signal);
  }

  void signalMaster(Signal signal) {
    Processes.signal(pid(), signal);
  }

  /** Replaces the test's lines of configuration. */
  void configure(String... newLines) {
    lines = List.of(newLines);
    directory().configure(lines);
  }

  /** Overwrites the app in place, like cp. */
  void replaceApp(byte[] jar) {
    directory().write(directory().app(), jar);
  }

  /** Puts another app in its place, like mv. */
  void renameApp(byte[] jar) {
    directory().rename(directory().app(), jar);
  }

  /** Waits until exactly {@code count} workers serve and nothing else is under way. */
  Status awaitServing(int count) {
    return until(
        START_LIMIT,
        () -> {
          Status status = status();
          boolean settled =
              !status.reloading()
                  && status.serving().size() == count
                  && status.workers().stream().allMatch(w -> w.serves() || w.isReadySpare());
          return settled ? status : null;
        });
  }

  /** Waits until the log holds {@code text}. */
  void awaitLog(String text) {
    eventually(START_LIMIT, () -> assertThat(log()).contains(text));
  }

  /** True if a request on a connection of its own goes down with its worker. */
  boolean losesARequest() {
    try (var connection = HttpConnection.open(address())) {
      connection.get("/hello");
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Asks workers that die of it, until the log holds {@code text}. */
  void loseRequestsUntilLog(String text) {
    eventually(
        START_LIMIT,
        () -> {
          boolean lost = !log().contains(text) && losesARequest();
          assertThat(log()).as("lost the last one: " + lost).contains(text);
        });
  }

  // ---- inside ----

  private void prepare() throws IOException {
    var fresh = new ServerDirectory();
    directory = fresh;
    fresh.write(fresh.app(), Jars.demo());
    if (ownDistribution) {
      Cli.run("cp", "-r", Distribution.HOME.toString(), fresh.distribution().toString());
    }
    fresh.configure(lines);
    if (!startedByTest) {
      try {
        start();
      } catch (AssertionError e) {
        stopAll();
        throw e;
      }
    }
  }

  private @Nullable Status settledStatus() {
    if (!java.nio.file.Files.exists(runDir().resolve("control.sock"))) {
      return null;
    }
    var settings = ConfigFactory.parseString(directory().read(config())).resolve();
    Status status = status();
    boolean settled =
        !status.reloading()
            && status.serving().size() == settings.getInt("tidepool.workers.count")
            && status.spares().stream().filter(Status.Worker::isReadySpare).count()
                == settings.getInt("tidepool.workers.spares");
    return settled ? status : null;
  }

  private Map<String, String> environment() {
    return Map.of(
        "TIDEPOOL_JAVA_HOME",
        Distribution.JAVA_HOME.toString(),
        // Marks all processes that come of this server.
        "TIDEPOOL_TEST",
        directory().root().toString());
  }

  private String tail() {
    List<String> all = log().lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
  }

  private void keepEvidence(String name) throws IOException {
    if (directory == null) {
      return; // it did not start, and said why
    }
    Path target = Distribution.FAILURES.resolve(name.replaceAll("[^A-Za-z0-9.]", ""));
    directory().keep(target);
    String jcmd = Distribution.JAVA_HOME.resolve("bin/jcmd").toString();
    for (int pid : Processes.mentioning(directory().root().toString())) {
      try {
        var dump = List.of(jcmd, String.valueOf(pid), "Thread.print");
        directory()
            .write(
                target.resolve("threads-" + pid + ".txt"),
                Cli.run(Duration.ofSeconds(5), Map.of(), dump).output());
      } catch (AssertionError notWilling) {
        System.out.println("no thread dump of " + pid + ": " + notWilling.getMessage());
      }
    }
    System.out.println(name + " failed; kept in " + target + "; end of the log:\n" + tail());
  }

  private void stopAll() throws IOException {
    ServerDirectory own = directory;
    if (own == null) {
      return;
    }
    String mark = own.root().toString();
    List<Integer> zombies = List.of();
    try {
      if (process != null && process.isAlive()) {
        int master = pid();
        zombies = lastingZombies(master);
        signal(master, Signal.CONT);
        signal(master, Signal.TERM);
        if (!process.waitFor(30, SECONDS)) {
          signal(master, Signal.KILL);
        }
      }
      awaitNoneOf(mark);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Processes.mentioning(mark).forEach(pid -> signal(pid, Signal.KILL));
      awaitNoneOf(mark);
      own.delete();
      process = null;
      directory = null;
    }
    assertThat(zombies).as("zombies of the master").isEmpty();
  }

  private static void awaitNoneOf(String mark) {
    eventually(
        Duration.ofSeconds(20),
        () -> assertThat(Processes.mentioning(mark)).as("left over").isEmpty());
  }

  /** Children of the master that stay dead and unnoticed; one that died just now is none. */
  private static List<Integer> lastingZombies(int master) {
    try {
      eventually(Duration.ofSeconds(3), () -> assertThat(Processes.zombiesOf(master)).isEmpty());
      return List.of();
    } catch (AssertionError e) {
      return Processes.zombiesOf(master);
    }
  }
}
