package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pool that just started: who is there, what it answers, what its processes look like. */
final class StartIT {
  private static final String LOG_LINE =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z +[A-Z]+ +"
          + "(master|slot=\\d+ pid=\\d+ gen=\\d+|spare pid=\\d+ gen=\\d+) .*";

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers.spares = 1",
          "workers.environment { TIDEPOOL_COLOUR = blue }",
          // The size of a heap is no part of what an archive is made for, so this makes none.
          "workers.jvm-options = [\"" + Distribution.JVM_OPTION + "\", \"-Xmn9m\"]");

  @Test
  void theStartedPidIsTheMaster() throws Exception {
    assertThat(server.status().masterPid()).isEqualTo((int) server.process().pid());
    assertThat(Files.readString(server.runDir().resolve("tidepool.pid")).strip())
        .isEqualTo(String.valueOf(server.pid()));
  }

  @Test
  void everySlotServesAndTheSpareIsWarm() {
    Status status = server.status();
    assertThat(status.generation()).isEqualTo(1);
    assertThat(status.serving()).extracting(Status.Worker::slot).containsExactlyInAnyOrder(0, 1);
    assertThat(status.spares()).hasSize(1).allMatch(Status.Worker::isReadySpare);
  }

  @Test
  void aWorkerAnswers() {
    assertThat(server.get("/hello").status()).isEqualTo(200);
    assertThat(server.pids()).contains(server.get("/hello").pid());
    assertThat(server.get("/version").body()).contains("1");
  }

  @Test
  void theMasterServesItsOwnPages() {
    for (String page : new String[] {"/-/healthy", "/-/ready", "/-/status"}) {
      assertThat(TidepoolServer.request(server.adminAddress(), "GET", page).status())
          .as(page)
          .isEqualTo(200);
    }
    assertThat(TidepoolServer.request(server.adminAddress(), "GET", "/nothing").status())
        .isEqualTo(404);
  }

  @Test
  void commandAndPageTellTheSame() {
    Status told = server.statusByCommand();
    assertThat(told.pids()).isEqualTo(server.status().pids());
    assertThat(server.log())
        .contains("listens on " + told.http().get(0) + " (http)")
        .contains("listens on " + told.admin().get(0) + " (listen.admin)");
  }

  @Test
  void workersLeadProcessGroupsInTheSessionOfTheMaster() {
    for (Status.Worker worker : server.status().workers()) {
      assertThat(Processes.groupOf(worker.pid())).isEqualTo(worker.pid());
      assertThat(Processes.sessionOf(worker.pid())).isEqualTo(Processes.sessionOf(server.pid()));
    }
    assertThat(Processes.groupOf(server.pid())).isNotIn(server.pids());
  }

  @Test
  void workersHaveACleanSignalMask() {
    for (Status.Worker worker : server.status().workers()) {
      assertThat(Processes.signals(worker.pid(), "SigBlk")).isEmpty();
      // Else a terminal could stop it for what it logs.
      assertThat(Processes.signals(worker.pid(), "SigIgn")).containsExactly(Signal.TTOU);
    }
  }

  @Test
  void workersGetTheConfiguredEnvironmentAndOptions() {
    for (int pid : server.pids()) {
      assertThat(Processes.read(pid, "environ"))
          .contains("TIDEPOOL_COLOUR=blue", "MALLOC_ARENA_MAX=1")
          .doesNotContain("_JAVA_SR_SIGNUM");
      assertThat(Processes.read(pid, "cmdline")).contains("-Xmn9m", "-XX:+UseSerialGC");
    }
  }

  /** A home or a temporary directory that is mounted noexec or read-only is no obstacle. */
  @Test
  void nativeLibrariesAreThoseOfTheDistribution() throws Exception {
    String directory = Distribution.HOME.toRealPath().resolve("lib/native").toString();
    List<Integer> all = new ArrayList<>(server.pids());
    all.add(server.pid());
    for (int pid : all) {
      List<String> mapped =
          Processes.read(pid, "maps")
              .lines()
              .filter(line -> line.matches(".*/(lib)?j(na|ffi|nidis).*"))
              .toList();
      assertThat(mapped).isNotEmpty().allMatch(line -> line.contains(directory));
    }
  }

  @Test
  void everyLogLineSaysWhoWroteIt() {
    assertThat(server.log().lines()).isNotEmpty().allMatch(line -> line.matches(LOG_LINE));
  }

  @Test
  void onlyTheOwnerReachesWorkersAndState() throws Exception {
    assertThat(mode("control.sock")).isEqualTo("rw-rw----");
    assertThat(mode("workers.sock")).isEqualTo("rw-------");
    assertThat(mode("apps")).isEqualTo("rwx------");
  }

  @Test
  void stateAndScoreboardAreInTheRunDirectory() throws Exception {
    String state = Files.readString(server.runDir().resolve("state.json"));
    assertThat(server.pids()).allSatisfy(pid -> assertThat(state).contains(String.valueOf(pid)));
    assertThat(server.runDir().resolve("scoreboard")).isNotEmptyFile();
    assertThat(server.runDir().resolve("generations/1")).isDirectory();
  }

  @Test
  void workersRunFromTheirOwnCopyOfTheApp() {
    String app = server.directory().app().toString();
    for (int pid : server.pids()) {
      assertThat(Processes.descriptors(pid)).noneMatch(app::equals);
      assertThat(Processes.read(pid, "maps")).doesNotContain(app);
    }
  }

  private static String mode(String file) throws Exception {
    Path path = server.runDir().resolve(file);
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
