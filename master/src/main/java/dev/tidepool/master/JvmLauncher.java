package dev.tidepool.master;

import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.posix.Posix;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts worker processes: own session, clean signal mask, the flags that make a JVM small. */
final class JvmLauncher implements WorkerLauncher {
  private final Posix posix;
  private final Path home;
  private final RunDir runDir;

  JvmLauncher(Posix posix, Path home, RunDir runDir) {
    this.posix = posix;
    this.home = home;
    this.runDir = runDir;
  }

  /** Its stdout and stderr are the master's: a pipe would stop it when the master does not read. */
  @Override
  public WorkerProcess launch(WorkerSettings settings) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(settings));
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().remove("_JAVA_SR_SIGNUM"); // the master's own setting
    builder.environment().putAll(settings.environment());
    builder.directory(home.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new ChildProcess(posix, builder.start());
  }

  private List<String> command(WorkerSettings settings) throws IOException {
    JavaHome java = JavaHome.of(settings);
    // setsid(1) and env(1) exec in turn: the pid stays, and terminal signals reach only the master
    List<String> command =
        new ArrayList<>(List.of("setsid", "env", "--default-signal", java.executable().toString()));
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx" + settings.heapBytes());
    command.add("-Xmn" + settings.youngGenerationBytes());
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-XX:ErrorFile=" + runDir.incidents().resolve("hs_err_pid%p.log"));
    command.add("-XX:+UnlockDiagnosticVMOptions");
    command.add("-XX:+UnlockExperimentalVMOptions");
    if (java.trimsNativeHeap()) {
      command.add("-XX:TrimNativeHeapInterval=1000");
    }
    if (java.feature() >= 25) {
      command.add("-XX:+UseCompactObjectHeaders");
      command.add("--sun-misc-unsafe-memory-access=allow"); // Chronicle Map lives by it
    }
    if (settings.shareArchivePages()) {
      command.add("-XX:ArchiveRelocationMode=0");
    }
    command.addAll(settings.jvmOptions());
    command.add("-jar");
    command.add(home.resolve("lib/tidepool-worker.jar").toString());
    command.add(runDir.workersSocket().toString());
    return command;
  }
}
