package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reloads that cannot succeed: the old generation serves on, and everybody is told why. */
final class FailedReloadIT {
  @RegisterExtension static final TidepoolServer server = TidepoolServer.withConfig();

  private List<Integer> before = List.of();

  @BeforeEach
  void remember() {
    before = server.awaitServing(2).pids();
  }

  @AfterEach
  void repair() {
    server.configure();
    server.replaceApp(Jars.demo());
  }

  @Test
  void anAppThatIsNoJar() {
    server.replaceApp(Jars.notAJar());
    refusedWith("app.jar", "not an app");
  }

  @Test
  void aTruncatedApp() {
    server.replaceApp(Jars.truncated());
    refusedWith("app.jar", "not an app");
  }

  @Test
  void aMissingApp() throws Exception {
    Files.delete(server.directory().app());
    refusedWith("app.jar", "no such file");
  }

  @Test
  void anAppWithoutItsClass() {
    server.replaceApp(Jars.withoutItsClass());
    refusedWith("com.example.Missing");
  }

  @Test
  void anAppThatThrowsAtStart() {
    server.configure("app.settings.fail-start = true");
    refusedWith("start");
  }

  @Test
  void anAppThatBlocksAtStartForEver() {
    server.configure("app.settings.block-start = true", "workers.start-timeout = 3 s");
    refusedWith("3000 ms");
  }

  @Test
  void aWorkerThatDiesWhileWarming() {
    server.replaceApp(Jars.of(DiesWarmingApp.class));
    refusedWith("42");
  }

  @Test
  void aConfigurationThatCannotBeParsed() {
    server.directory().write(server.config(), "tidepool { workers {");
    refusedWith("tidepool.conf");
  }

  @Test
  void everyProblemOfAConfiguration() {
    server.configure("workers.cuont = 3", "workers.heap = 1 KiB");
    refusedWith("workers.cuont", "workers.count", "workers.heap");
  }

  @Test
  void aSettingThatCannotChange() {
    server.configure("run-dir = \"@DIR@/elsewhere\"");
    refusedWith("run-dir");
  }

  @Test
  void anAddressInUse() {
    server.configure("listen.http = [\"127.0.0.1:0\", \"" + address() + "\"]");
    refusedWith(address());
  }

  @Test
  void aFailureHalfWayThroughTheSwitch() {
    server.configure("reload.surge = 1", "app.settings.marker = \"@DIR@/marker\"");
    server.replaceApp(Jars.of(SecondStartFailsApp.class));
    try (var load = Load.on(server.address()).keepingConnections(4).newConnections(4).start()) {
      Cli.Result reload = server.reload();
      assertThat(reload.exitCode()).as(reload.output()).isEqualTo(1);
      assertThat(reload.output()).contains("marker");
      Status after = server.awaitServing(2);
      assertThat(after.pids()).as("the one that was not switched").containsAnyElementsOf(before);
      load.awaitAnswers(100);
      load.stop().assertNothingLost();
    }
    assertThat(server.get("/version").body()).contains("1");
  }

  @Test
  void workersAreReplacedFromTheCopyOfTheOldVersion() {
    String version = server.get("/version").body();
    server.replaceApp(Jars.notAJar());
    refusedWith("not an app");
    for (int victim : before) {
      server.signal(victim, Signal.KILL);
      Eventually.eventually(
          TidepoolServer.START_LIMIT,
          () -> assertThat(server.awaitServing(2).pids()).doesNotContain(victim));
    }
    var answered = new HashSet<Integer>();
    Eventually.eventually(
        TidepoolServer.START_LIMIT,
        () -> {
          assertThat(server.get("/version").body()).isEqualTo(version);
          answered.add(server.get("/hello").pid());
          assertThat(answered).doesNotContainAnyElementsOf(before).isNotEmpty();
        });
  }

  @Test
  void clientsDoNotNotice() {
    try (var load = Load.on(server.address()).keepingConnections(4).newConnections(4).start()) {
      server.replaceApp(Jars.truncated());
      refusedWith("not an app");
      server.replaceApp(Jars.of(DiesWarmingApp.class));
      refusedWith("42");
      load.stop().assertNothingLost();
    }
  }

  private static String address() {
    var at = server.adminAddress();
    return "127.0.0.1:" + at.getPort();
  }

  /** Reloads; the same workers of the same generation must serve on, and answer and log say why. */
  private void refusedWith(String... reasons) {
    int generation = server.status().generation();
    int logged = server.log().length();
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).as(reload.output()).isEqualTo(1);
    assertThat(reload.output())
        .contains(reasons)
        .contains("generation " + generation + " serves on");
    assertThat(server.log().substring(logged)).contains(reasons).contains("reload failed");
    Status after = server.awaitServing(2);
    assertThat(after.pids()).isEqualTo(new ArrayList<>(before));
    assertThat(after.generation()).isEqualTo(generation);
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }
}
