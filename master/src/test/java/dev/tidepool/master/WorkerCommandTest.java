package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidepool.conf.IsolationSettings;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands before the program of a worker, and what is said when it cannot work. */
class WorkerCommandTest {
  private final Posix posix = Posix.get();
  @TempDir private Path directory;

  @Test
  void isNothingByDefault() throws Exception {
    assertThat(command()).isEmpty();
  }

  @Test
  void setsEachLimitByItsProgram() throws Exception {
    assertThat(
            command(
                "workers.open-files = 4096",
                "workers.core-size = 0 B",
                "workers.nice = 3",
                "workers.cpu-affinity=0-2"))
        .containsExactly(
            "prlimit", "--nofile=4096", "--core=0", "nice", "-n", "3", "taskset", "-c", "0-2");
    assertThat(command("workers.cpu-affinity=auto")).isEmpty();
  }

  @Test
  void changesTheUserLast() throws Exception {
    root();
    int gid = posix.user("nobody").orElseThrow().gid();
    assertThat(command("workers.user=nobody", "workers.nice = 1"))
        .containsExactly(
            "nice",
            "-n",
            "1",
            "setpriv",
            "--reuid=65534",
            "--regid=" + gid,
            "--init-groups",
            "--inh-caps=-all",
            "--no-new-privs");
    assertThat(command("workers.user=54321", "workers.group=54322"))
        .contains("--reuid=54321", "--regid=54322", "--clear-groups");
  }

  @Test
  void tellsWhoAWorkerIs() throws Exception {
    root();
    Map<String, String> environment = new HashMap<>(Map.of("HOME", "/root", "PATH", "/bin"));
    account("workers.user=nobody").environment(environment);
    assertThat(environment)
        .isEqualTo(
            Map.of("HOME", "/nonexistent", "USER", "nobody", "LOGNAME", "nobody", "PATH", "/bin"));
  }

  @Test
  void refusesWhoIsNotThere() {
    refused("workers.user=no-one: no such user; `useradd", "workers.user=no-one");
    refused("workers.group=root takes a workers.user, too", "workers.group=root");
    root();
    refused(
        "workers.group=no-group: no such group", "workers.user=nobody", "workers.group=no-group");
    refused("set workers.group, too", "workers.user=54321");
  }

  @Test
  void namesTheDirectoryThatTheUserCannotEnter() throws Exception {
    root();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x--x"));
    Path shut =
        Files.createDirectory(
            directory.resolve("shut"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path inside = Files.createDirectory(shut.resolve("inside"));
    Path secret = Files.writeString(directory.resolve("secret"), "");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    List<String> command = command("workers.user=nobody");

    new AccessProbe().enters(directory).cannotWrite(directory).run(command, "nobody");
    assertThatThrownBy(() -> new AccessProbe().enters(inside).run(command, "nobody"))
        .hasMessage(
            "workers.user=nobody cannot enter %s, which is on its way to %s; chmod o+x it, or move"
                + " that",
            shut, inside);
    assertThatThrownBy(() -> new AccessProbe().reads(secret).run(command, "nobody"))
        .hasMessage("workers.user=nobody cannot read %s; chmod o+r it", secret);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> new AccessProbe().cannotWrite(directory).run(command, "nobody"))
        .hasMessageStartingWith("workers.user=nobody can write into " + directory);
  }

  @Test
  void passesOnWhatTheProgramsSay() throws Exception {
    List<String> command = command("workers.cpu-affinity=4000");
    assertThatThrownBy(() -> new AccessProbe().run(command, ""))
        .hasMessageStartingWith("workers cannot be started by `taskset -c 4000`: taskset: failed");
  }

  private void root() {
    assumeTrue(posix.userId() == 0, "only root can start processes of others");
  }

  private void refused(String message, String... sets) {
    assertThatThrownBy(() -> account(sets))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(message);
  }

  private List<String> command(String... sets) throws Exception {
    return WorkerCommand.before(settings(sets), account(sets));
  }

  private Account account(String... sets) throws Exception {
    return Account.of(settings(sets), posix);
  }

  private IsolationSettings settings(String... sets) throws Exception {
    return SettingsLoader.load(directory, Optional.empty(), List.of(sets), Map.of())
        .settings()
        .workers()
        .isolation();
  }
}
