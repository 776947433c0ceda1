package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import dev.tidepool.posix.Posix;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts worker processes: own session, clean signal mask, from a class archive if there is one.
 */
final class JvmLauncher implements WorkerLauncher {
  private final Posix posix;
  private final Path home;
  private final RunDir runDir;
  private final ClassArchives archives;

  JvmLauncher(Posix posix, Path home, RunDir runDir, ClassArchives archives) {
    this.posix = posix;
    this.home = home;
    this.runDir = runDir;
    this.archives = archives;
  }

  /** Its stdout and stderr are the master's: a pipe would stop it when the master does not read. */
  @Override
  public WorkerProcess launch(Settings settings) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(settings));
    WorkerJvm.environment(builder.environment());
    builder.environment().putAll(settings.workers().environment());
    builder.directory(home.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new ChildProcess(posix, builder.start());
  }

  private List<String> command(Settings settings) throws IOException {
    WorkerJvm jvm = WorkerJvm.of(settings.workers(), home);
    // setsid(1) and env(1) exec in turn: the pid stays, and terminal signals reach only the master
    List<String> command = new ArrayList<>(List.of("setsid", "env", "--default-signal"));
    command.add(jvm.executable());
    command.add("-XX:ErrorFile=" + runDir.incidents().resolve("hs_err_pid%p.log"));
    command.addAll(archives.options(settings, jvm));
    command.addAll(jvm.options());
    command.add("-jar");
    command.add(jvm.jar().toString());
    command.add(runDir.workersSocket().toString());
    return command;
  }
}
