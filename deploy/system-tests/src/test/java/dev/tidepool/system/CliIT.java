package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, their output and their exit codes. */
final class CliIT {
  @RegisterExtension static final TidepoolServer server = TidepoolServer.withConfig();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "check",
        "config",
        "status",
        "reload",
        "stop",
        "scale",
        "reopen-logs",
        "drain"
      })
  void everyCommandHasHelp(String command) {
    Cli.Result help = server.cli(command, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).contains("Usage: tidepool " + command);
  }

  @Test
  void helpListsTheCommands() {
    Cli.Result help = server.cli("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).contains("run", "check", "reload", "status", "scale", "stop");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(server.cli("frobnicate").exitCode()).isEqualTo(2);
    assertThat(server.cli("status", "--frobnicate").exitCode()).isEqualTo(2);
    assertThat(server.cli("scale").exitCode()).isEqualTo(2);
    assertThat(server.cli("scale", "many").exitCode()).isEqualTo(2);
    assertThat(server.cli().exitCode()).isEqualTo(2);
  }

  @Test
  void whatCannotBeDoneIsOneWithAReason() {
    Cli.Result zero = server.cli("scale", "0");
    assertThat(zero.exitCode()).isEqualTo(1);
    assertThat(zero.output()).contains("expected 1 to 128");
  }

  @Test
  void statusShowsEachWorker() {
    Cli.Result status = server.cli("status");
    assertThat(status.exitCode()).isZero();
    assertThat(status.output()).contains("master pid " + server.pid(), "slot 0", "slot 1");
    assertThat(server.pids())
        .allSatisfy(pid -> assertThat(status.output()).contains(String.valueOf(pid)));
  }

  @Test
  void scaleChangesTheNumberOfWorkersAndIsLogged() {
    assertThat(server.cli("scale", "3").exitCode()).isZero();
    server.awaitServing(3);
    assertThat(server.cli("scale", "2").exitCode()).isZero();
    server.awaitServing(2);
    assertThat(server.log()).containsPattern("scale by uid 0 pid \\d+");
  }

  @Test
  void withoutAMasterItIsSixtyNine() {
    Path empty = server.directory().root().resolve("nobody-here");
    for (String command : new String[] {"status", "reload", "stop", "drain", "reopen-logs"}) {
      Cli.Result result = server.cli(command, "--run-dir", empty.toString());
      assertThat(result.exitCode()).as(result.output()).isEqualTo(69);
      assertThat(result.output()).contains(empty.toString());
    }
  }

  @Test
  void theMasterIsFoundInEachWay() {
    assertThat(server.cli("status").exitCode()).isZero();
    String runDir = server.runDir().toString();
    assertThat(elsewhere("status", "--run-dir", runDir)).isZero();
    assertThat(elsewhere("status", "--set", "run-dir=" + runDir)).isZero();
    assertThat(elsewhere("status", "--set", "tidepool.run-dir=" + runDir)).isZero();
    assertThat(elsewhere("status", "--config", server.config().toString())).isZero();
    assertThat(elsewhere("status")).isEqualTo(69);
  }

  @Test
  void aCommandThatWouldSetNothingIsRefused() {
    Cli.Result reload =
        server.cli(
            "reload", "--set", "listen.admin=127.0.0.1:0", "--run-dir", "" + server.runDir());
    assertThat(reload.exitCode()).as(reload.output()).isEqualTo(2);
    assertThat(reload.output()).contains("--set listen.admin=127.0.0.1:0 would change nothing");
  }

  @Test
  void aBrokenConfigurationDoesNotHideTheMaster() throws Exception {
    Path broken = server.directory().root().resolve("broken.conf");
    Files.writeString(
        broken,
        "tidepool {\n  run-dir = \"" + server.runDir() + "\"\n  workers.cuont = 3\n  listen {\n");
    assertThat(elsewhere("status", "--config", broken.toString())).isZero();
  }

  @Test
  void configShowsValuesAndWhereTheyComeFrom() {
    Cli.Result config =
        server.cli(
            "config",
            "--config",
            server.config().toString(),
            "--set",
            "workers.io-threads=2",
            "--set",
            "tidepool.drain.timeout=7s");
    assertThat(config.exitCode()).as(config.output()).isZero();
    assertThat(config.output())
        .containsPattern("workers.heap *= *\"64 MiB\".*tidepool.conf")
        .containsPattern("workers.io-threads *= *\"?2\"?.*--set")
        .containsPattern("drain.timeout *= *\"?7s\"?.*--set")
        .contains("health.heartbeat-interval");
  }

  @Test
  void checkSaysWhetherAReloadWouldWork() {
    Cli.Result check = server.cli("check", "--config", server.config().toString());
    assertThat(check.exitCode()).as(check.output()).isZero();
    assertThat(check.output()).contains("ok");
  }

  @Test
  void checkNamesEveryProblemAndItsPlace() throws Exception {
    Path wrong = server.directory().root().resolve("wrong.conf");
    Files.writeString(
        wrong,
        """
        tidepool {
          workers.cuont = 3
          workers.heap = 1 KiB
          listen.http = "nowhere"
          drain.timeout = soon
        }
        """);
    Cli.Result check = server.cli("check", "--config", wrong.toString());
    assertThat(check.exitCode()).isEqualTo(78);
    assertThat(check.output())
        .containsPattern("wrong.conf: ?2.*workers.cuont.*workers.count")
        .containsPattern("wrong.conf: ?3.*workers.heap")
        .containsPattern("wrong.conf: ?4.*listen.http.*nowhere")
        .containsPattern("wrong.conf: ?5.*drain.timeout.*soon")
        .contains("4 problems");
  }

  @Test
  void checkLooksAtTheAppToo() throws Exception {
    Path app = server.directory().root().resolve("broken.jar");
    Files.write(app, Jars.truncated());
    Cli.Result check =
        server.cli("check", "--config", server.config().toString(), "--set", "app.path=" + app);
    assertThat(check.exitCode()).isEqualTo(78);
    assertThat(check.output()).contains("broken.jar", "not an app");
  }

  @Test
  void aMissingFileIsAConfigurationProblem() {
    Cli.Result check = server.cli("check", "--config", "/nowhere/tidepool.conf");
    assertThat(check.exitCode()).isEqualTo(78);
    assertThat(check.output()).contains("/nowhere/tidepool.conf");
  }

  /** Exit code of a command that is not told by the environment where the master is. */
  private static int elsewhere(String... arguments) {
    var command = new java.util.ArrayList<String>();
    command.addAll(java.util.List.of("env", "-u", "TIDEPOOL_RUN_DIR"));
    command.add(Distribution.COMMAND.toString());
    command.addAll(java.util.List.of(arguments));
    return Cli.run(
            java.time.Duration.ofMinutes(1),
            java.util.Map.of("TIDEPOOL_JAVA_HOME", Distribution.JAVA_HOME.toString()),
            command)
        .exitCode();
  }
}
