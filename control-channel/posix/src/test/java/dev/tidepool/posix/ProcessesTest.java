package dev.tidepool.posix;

import static dev.tidepool.posix.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.posix.Posix.ProcessStat;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessesTest {
  private static final int NO_PID = 4_194_304; // one more than PID_MAX_LIMIT allows

  private final Posix posix = Posix.get();
  private final List<Process> started = new ArrayList<>();
  @TempDir Path directory;

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void readsTheStateOfAProcess() throws Exception {
    int pid = pid(start("sleep", "60"));

    ProcessStat stat = posix.stat(pid).orElseThrow();

    assertThat(stat.parentPid()).isEqualTo(posix.pid());
    assertThat(stat.state()).isIn('S', 'R', 'D');
    assertThat(stat.startTicks())
        .isGreaterThanOrEqualTo(posix.stat(posix.pid()).orElseThrow().startTicks());
    assertThat(posix.stat(NO_PID)).isEmpty();
  }

  @Test
  void namesWithBracketsAndSpacesDoNotConfuseIt() throws Exception {
    Path odd = Files.copy(Path.of("/bin/sleep"), directory.resolve("a) R (b 1"));
    int pid = pid(start(odd.toString(), "60"));

    assertThat(posix.stat(pid).orElseThrow().parentPid()).isEqualTo(posix.pid());
  }

  @Test
  void signalsAndSeesTheExit() throws Exception {
    Process child = start("sleep", "60");
    int pid = pid(child);

    assertThat(posix.kill(pid, Signal.TERM)).isTrue();

    assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isEqualTo(128 + Signal.TERM.number());
    assertThat(posix.kill(pid, Signal.TERM)).isFalse();
  }

  @Test
  void signalsOneProcessOnly() {
    for (int pid : new int[] {0, -1}) {
      assertThatThrownBy(() -> posix.kill(pid, Signal.TERM))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("pid=" + pid + " is no single process");
    }
  }

  @Test
  void reapsNobodyElsesChild() {
    fails(Errno.ECHILD, "waitpid(pid=1) failed: No child processes", () -> posix.reap(1));
  }

  @Test
  void reapsExactlyTheOrphanThatItWasGiven() throws Exception {
    // In a namespace of its own the program is pid 1 and inherits the orphans.
    List<String> inside = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--mount-proc"));
    if (posix.userId() != 0) {
      inside.addAll(List.of("--user", "--map-root-user"));
    }
    assertThat(outputOf(OrphanReaper.class, inside)).isEqualTo("zombie reaped=7 gone");
  }

  private String outputOf(Class<?> main, List<String> launcher) throws Exception {
    List<String> command = new ArrayList<>(launcher);
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Process program = start(command.toArray(String[]::new));
    String output =
        program.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining(" "));
    assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  @Test
  void deliversAllSignalsToAProgramThatHasThemBlocked() throws Exception {
    List<String> names =
        SignalPrinter.SIGNALS.stream().map(Signal::name).collect(Collectors.toList());
    ProcessBuilder builder =
        new ProcessBuilder(
            "env",
            "--block-signal=" + String.join(",", names),
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xrs",
            "-cp",
            System.getProperty("java.class.path"),
            SignalPrinter.class.getName());
    builder.environment().put("_JAVA_SR_SIGNUM", "40"); // else USR2 is the JVM's own
    Process program = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    started.add(program);
    int pid = pid(program);
    String sender = " from " + posix.pid() + " of " + posix.userId();

    try (BufferedReader lines = program.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("ready");
      for (Signal signal : SignalPrinter.SIGNALS) {
        if (signal != Signal.TERM) {
          posix.kill(pid, signal);
          assertThat(lines.readLine()).isEqualTo(signal + sender);
        }
      }
      posix.kill(pid, Signal.TERM);
      assertThat(lines.readLine()).isEqualTo("TERM" + sender);
    }
    assertThat(program.waitFor()).isZero();
  }

  @Test
  void numbersSignalsAsTheKernelDoes() {
    for (Signal signal : Signal.values()) {
      assertThat(Signal.ofNumber(signal.number())).contains(signal);
    }
    assertThat(Signal.ofNumber(64)).isEmpty();
  }

  @Test
  void bindsAllThreadsOfAProcess() throws Exception {
    int core = posix.cores().get(posix.cores().size() - 1);
    Process program = start("sleep", "60");
    posix.bindToCore((int) program.pid(), core);
    assertThat(Files.readAllLines(Path.of("/proc/" + program.pid() + "/status")))
        .contains("Cpus_allowed_list:\t" + core);
    program.destroyForcibly().waitFor();
    posix.bindToCore((int) program.pid(), core); // gone: nothing to do
  }

  @Test
  void makesAProcessNicerAndTakesThatBack() throws Exception {
    Process program = start("sleep", "60");
    int pid = (int) program.pid();
    int own = posix.stat(posix.pid()).orElseThrow().nice();
    posix.nice(pid, 3);
    assertThat(posix.stat(pid).orElseThrow().nice()).isEqualTo(own + 3);
    posix.nice(pid, 0);
    assertThat(posix.stat(pid).orElseThrow().nice()).isEqualTo(own);
    program.destroyForcibly().waitFor();
    posix.nice(pid, 3); // gone: nothing to do
  }

  @Test
  void makesThreadsNicerByTheirName() throws Exception {
    Process program = start("sleep", "60");
    int pid = (int) program.pid();
    int own = posix.stat(posix.pid()).orElseThrow().nice();
    posix.nice(pid, "shell", 3);
    assertThat(posix.stat(pid).orElseThrow().nice()).isEqualTo(own);
    posix.nice(pid, "lee", 3);
    assertThat(posix.stat(pid).orElseThrow().nice()).isEqualTo(own + 3);
  }

  @Test
  void isNotNicerThanItCanTakeBack() throws Exception {
    // In a user namespace the capability counts for nothing.
    assertThat(outputOf(NicenessPrinter.class, List.of("unshare", "--user", "--map-root-user")))
        .isEqualTo("by 0");
  }

  @Test
  void ofFilesUsersAndGroups() throws Exception {
    assertThat(posix.groupId("root")).hasValue(0);
    assertThat(posix.groupId("no-such-group")).isEmpty();
    var root = posix.user("root").orElseThrow();
    assertThat(root).isEqualTo(new Posix.User("root", 0, 0, Path.of("/root")));
    assertThat(posix.user("no-such-user")).isEmpty();
    int gid = (Integer) Files.getAttribute(directory, "unix:gid");
    posix.setOwner(directory, -1, gid);
    Path missing = directory.resolve("none");
    fails(Errno.ENOENT, "lchown(" + missing, () -> posix.setOwner(missing, -1, gid));
    fails(
        Errno.ENOENT,
        "open(" + missing.resolve("log") + ") failed: No such file or directory",
        () -> posix.redirectOutput(missing.resolve("log")));
  }

  @Test
  void redirectsOutputToTheEndOfAFile() throws Exception {
    Path log = Files.writeString(directory.resolve("log"), "first\n");
    Process program =
        start(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Redirected.class.getName(),
            log.toString());

    assertThat(program.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("before");
    assertThat(program.waitFor()).isZero();
    assertThat(Files.readString(log)).isEqualTo("first\nout\nerr\n");
  }

  private Process start(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    started.add(process);
    return process;
  }

  private static int pid(Process process) {
    return (int) process.pid();
  }
}
