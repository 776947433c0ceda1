package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import dev.tidepool.posix.Posix;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** Starts worker processes: clean signal mask, from a class archive if there is one. */
final class JvmLauncher implements WorkerLauncher {
  private final Posix posix;
  private final Path home;
  private final RunDir runDir;
  private final ClassArchives archives;
  private final Account account;
  private final MemoryGroups memory;

  JvmLauncher(Posix posix, Path home, RunDir runDir, ClassArchives archives, Account account) {
    this.posix = posix;
    this.home = home;
    this.runDir = runDir;
    this.archives = archives;
    this.account = account;
    this.memory = new MemoryGroups(posix);
  }

  /**
   * Its stdout and stderr are the log file of its generation, or the master's: a pipe would stop it
   * when the master does not read.
   */
  @Override
  public WorkerProcess launch(Settings settings, YoungSize young) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(settings, young));
    WorkerJvm.environment(builder.environment());
    account.environment(builder.environment());
    builder.environment().putAll(settings.workers().environment());
    builder.directory(home.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Optional<Path> log = settings.log().file();
    if (log.isPresent()) {
      builder.redirectErrorStream(true).redirectOutput(appendTo(log.get()));
    } else {
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }
    Process process = builder.start();
    Optional<Long> limit = settings.workers().isolation().memoryBytes();
    if (limit.isPresent()) {
      limitMemory(process, limit.get());
    }
    return new ChildProcess(posix, process);
  }

  /** Opened here, for a worker's user need not be allowed to. */
  private static ProcessBuilder.Redirect appendTo(Path log) throws IOException {
    if (!Files.exists(log)) {
      Files.createFile(
          log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }
    return ProcessBuilder.Redirect.appendTo(log.toFile());
  }

  private void limitMemory(Process process, long bytes) throws IOException {
    int pid = Math.toIntExact(process.pid());
    try {
      memory.limit(pid, bytes);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    } finally {
      var unused = process.onExit().thenRun(() -> memory.removed(pid));
    }
  }

  private List<String> command(Settings settings, YoungSize young) throws IOException {
    WorkerJvm jvm = WorkerJvm.of(settings.workers(), home);
    // Each of them executes the next: the pid stays. A worker stays in the master's session, for
    // the kernel shares processors out by session (autogroup in sched(7)), and leads a process
    // group. To the terminal that is in the background: TTOU would stop it when it logs.
    List<String> command = WorkerCommand.before(settings.workers().isolation(), account);
    command.addAll(List.of("env", "--default-signal", "--ignore-signal=TTOU"));
    command.add(jvm.executable());
    command.add("-XX:ErrorFile=" + runDir.crashes().resolve("hs_err_pid%p.log"));
    if (settings.incidents().flightRecorder()) {
      command.add("-XX:StartFlightRecording:maxage=1m");
      command.add("-XX:FlightRecorderOptions:repository=" + runDir.crashes());
      command.add("-Xlog:jfr+startup=off");
    }
    command.addAll(archives.options(settings, jvm));
    if (young.isKnown()) {
      command.add("-Xmn" + young.bytes()); // not of jvm: its archive fits all sizes
    }
    command.addAll(jvm.options());
    command.add("-jar");
    command.add(jvm.jar().toString());
    command.add(runDir.workersSocket().toString());
    return command;
  }
}
