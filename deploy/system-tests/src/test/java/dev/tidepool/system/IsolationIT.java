package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static dev.tidepool.system.Eventually.until;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A master that is root, with workers that are not. */
@EnabledIf(value = "isRoot", disabledReason = "only root can start workers of another user")
final class IsolationIT {
  @RegisterExtension
  static final TidepoolServer SERVER = TidepoolServer.withConfig().readableByAll().notStarted();

  private static final Posix.User NOBODY = Posix.get().user("nobody").orElseThrow();

  static boolean isRoot() {
    return Posix.get().userId() == 0;
  }

  @BeforeAll
  static void start() throws IOException {
    SERVER.configure(
        "listen.http = [\"127.0.0.1:0\", \"127.0.0.1:%d\"]".formatted(privilegedPort()),
        "workers { count = 2, spares = 1, user = nobody, nice = 2, cpu-affinity = auto }",
        "workers { open-files = 5000, core-size = 0 B }",
        "log.file = \"@DIR@/log.txt\"",
        "sessions.persist = true",
        "class-archive.dir = \"\"",
        "health { heartbeat-timeout = 5 s }");
    SERVER.start();
  }

  @Test
  void workersAreWhoAndWhatTheSettingsSay() {
    Status status = SERVER.awaitServing(2);
    List<Integer> cores = Posix.get().cores();
    for (Status.Worker worker : status.workers()) {
      int pid = worker.pid();
      assertThat(Processes.statusLine(pid, "Uid").split("\\s+")).containsOnly("" + NOBODY.uid());
      assertThat(Processes.statusLine(pid, "Gid").split("\\s+")).containsOnly("" + NOBODY.gid());
      assertThat(Processes.statusLine(pid, "NoNewPrivs")).isEqualTo("1");
      assertThat(Processes.statusLine(pid, "CapEff")).matches("0+");
      assertThat(Processes.statusLine(pid, "CapPrm")).matches("0+");
      assertThat(Processes.read(pid, "limits"))
          .containsPattern("Max open files +5000 +5000")
          .containsPattern("Max core file size +0 +0");
      assertThat(Processes.nice(pid)).isEqualTo(2);
      assertThat(Processes.read(pid, "environ")).contains("HOME=/nonexistent", "USER=nobody");
    }
    for (int slot = 0; slot < 2; slot++) {
      assertThat(Processes.statusLine(status.pids().get(slot), "Cpus_allowed_list"))
          .isEqualTo("" + cores.get(slot % cores.size()));
    }
    assertThat(Processes.statusLine(SERVER.pid(), "Uid")).startsWith("0\t");
    assertThat(status.http())
        .allSatisfy(
            address ->
                assertThat(TidepoolServer.request(Status.tcp(address), "GET", "/hello").status())
                    .isEqualTo(200));
  }

  @Test
  void nobodyElseReadsWhatIsTheirs() throws IOException {
    SERVER.awaitServing(2);
    Path run = SERVER.runDir();
    List<Path> secrets = new ArrayList<>(filesBelow(run.resolve("generations")));
    secrets.addAll(filesBelow(run.resolve("sessions")));
    secrets.addAll(filesBelow(run.resolve("apps")));
    secrets.add(run.resolve("scoreboard"));
    assertThat(secrets).hasSizeGreaterThan(4);
    for (Path secret : secrets) {
      assertThat(as("daemon", "cat", secret).exitCode()).as(secret.toString()).isNotZero();
    }
    assertThat(as("daemon", "ls", run.resolve("incidents")).exitCode()).isNotZero();
    assertThat(Files.getAttribute(run.resolve("workers.sock"), "unix:mode")).isEqualTo(0140600);
    // What workers execute is not theirs to change, and the settings are not theirs to read.
    Path app = filesBelow(run.resolve("apps")).get(0);
    assertThat(as("nobody", "test -r", app).exitCode()).isZero();
    assertThat(as("nobody", "test -w", app).exitCode()).isNotZero();
    assertThat(as("nobody", "test -w", run.resolve("archives")).exitCode()).isNotZero();
    assertThat(as("nobody", "test -r", run.resolve("generations/1/settings.json")).exitCode())
        .isNotZero();
  }

  @Test
  void sessionsOutliveReloadAndRestart() throws IOException {
    SERVER.awaitServing(2);
    var visitor = new Visitor();
    for (int i = 1; i <= 6; i++) {
      assertThat(visitor.add(SERVER.address()).count()).isEqualTo(i);
    }
    Cli.Result reload = SERVER.reload();
    assertThat(reload.exitCode()).as(reload.output()).isZero();
    assertThat(visitor.add(SERVER.address()).count()).isEqualTo(7);
    Cli.Result sessions = SERVER.cli("sessions");
    assertThat(sessions.exitCode()).as(sessions.output()).isZero();

    SERVER.signalMaster(Signal.TERM);
    assertThat(SERVER.awaitExit(ofSeconds(30))).isZero();
    SERVER.start();
    assertThat(visitor.add(SERVER.address()).count()).isEqualTo(8);
    assertThat(as("nobody", "test -r", SERVER.runDir().resolve("sessions/map")).exitCode())
        .isZero();
  }

  @Test
  void aWarIsReadOnlyAndHasRoomOfItsOwn() throws IOException {
    SERVER.awaitServing(2);
    SERVER.replaceApp(Wars.war("A"));
    try {
      Cli.Result reload = SERVER.reload();
      assertThat(reload.exitCode()).as(reload.output()).isZero();
      var browser = new WebBrowser(SERVER.address());
      assertThat(browser.page("/cart")).startsWith("1 ");
      assertThat(browser.page("/cart")).startsWith("2 ");
      assertThat(browser.page("/squares.jsp").strip()).endsWith("1;4;9;");
      assertThat(browser.page("/from-jar.txt")).isEqualTo("from the jar");
      assertThat(browser.upload("/upload", "a.txt", "12345")).isEqualTo("a.txt 5");
      assertThat(as("daemon", "ls", SERVER.runDir().resolve("app-temp")).exitCode()).isNotZero();
      for (Path file : filesBelow(SERVER.runDir().resolve("apps"))) {
        assertThat(as("nobody", "test -w", file).exitCode()).as(file.toString()).isNotZero();
      }
    } finally {
      SERVER.replaceApp(Jars.demo());
      assertThat(SERVER.reload().exitCode()).isZero();
    }
  }

  @Test
  void reopensTheLogOfWorkersThatMayNotOpenIt() throws IOException {
    Status status = SERVER.awaitServing(2);
    Path log = SERVER.logFile();
    Path old = log.resolveSibling("log.1.txt");
    Files.move(log, old);
    assertThat(SERVER.cli("reopen-logs").exitCode()).isZero();
    eventually(
        ofSeconds(20),
        () ->
            assertThat(status.workers())
                .allSatisfy(
                    w -> assertThat(Processes.descriptors(w.pid())).contains(log.toString())));
    assertThat(as("nobody", "test -r", log).exitCode()).isNotZero();
  }

  @Test
  void aHungWorkerLeavesItsThreads() throws IOException {
    Status before = SERVER.awaitServing(2);
    try (var stuck = HttpConnection.open(SERVER.address())) {
      stuck.send("GET", "/fault/block-io", new byte[0], "");
      Path threads =
          until(ofSeconds(40), () -> first(SERVER.runDir().resolve("incidents"), "threads.txt"));
      eventually(
          ofSeconds(20),
          () -> assertThat(threads).content().contains("http I/O-1", "Faults.block"));
    }
    eventually(
        TidepoolServer.START_LIMIT,
        () -> assertThat(SERVER.pids()).hasSize(2).isNotEqualTo(before.pids()));
    SERVER.awaitServing(2);
  }

  @Test
  void aFatalErrorLeavesItsReport() throws IOException {
    SERVER.awaitServing(2);
    try (var dying = HttpConnection.open(SERVER.address())) {
      dying.send("GET", "/fault/segv", new byte[0], "");
      until(ofSeconds(40), () -> first(SERVER.runDir().resolve("incidents"), "hs_err.log"));
    }
    SERVER.awaitServing(2);
  }

  @Test
  void aReloadDoesNotChangeTheUser() {
    String config = SERVER.directory().read(SERVER.config());
    SERVER.directory().write(SERVER.config(), config.replace("user = nobody", "user = daemon"));
    Cli.Result reload = SERVER.reload();
    SERVER.directory().write(SERVER.config(), config);
    assertThat(reload.exitCode()).isEqualTo(1);
    assertThat(reload.output())
        .contains("workers.user cannot change from nobody to daemon by a reload: restart");
    assertThat(SERVER.get("/hello").status()).isEqualTo(200);
  }

  @Test
  void checkNamesWhatTheUserLacks() throws IOException {
    Path shut = Files.createTempDirectory("tidepool-shut"); // rwx------
    try {
      Cli.Result check =
          SERVER.cli(
              "check", "--config", SERVER.config().toString(), "--set", "run-dir=" + shut + "/run");
      assertThat(check.exitCode()).isEqualTo(78);
      assertThat(check.output())
          .contains("workers.user=nobody cannot enter " + shut)
          .doesNotContain("\tat ");
    } finally {
      Files.delete(shut);
    }
    Cli.Result check = SERVER.cli("check", "--config", SERVER.config().toString());
    assertThat(check.exitCode()).as(check.output()).isZero();
  }

  private static @Nullable Path first(Path directory, String suffix) throws IOException {
    return filesBelow(directory).stream()
        .filter(file -> file.toString().endsWith(suffix))
        .findFirst()
        .orElse(null);
  }

  private static List<Path> filesBelow(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Runs a command on a path as another user, with all its groups. */
  private static Cli.Result as(String name, String command, Path path) {
    var user = Posix.get().user(name).orElseThrow();
    var all = new ArrayList<>(List.of("setpriv", "--reuid", name, "--regid", "" + user.gid()));
    all.add("--init-groups");
    all.addAll(List.of(command.split(" ")));
    all.add(path.toString());
    return Cli.run(ofSeconds(20), Map.of(), all);
  }

  private static int privilegedPort() {
    return IntStream.rangeClosed(600, 1000)
        .filter(IsolationIT::isFree)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no free port from 600 to 1000"));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
