package dev.tidepool.master;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.IsolationSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The checks of a start that need nothing but the disk: {@code tidepool check}. */
public final class Preflight {
  private Preflight() {}

  /**
   * Looks at the Java home, the apps, the certificates, and what the workers may do.
   *
   * @param home the distribution
   * @throws StartFailure if one cannot be used: one line, and the exit code
   */
  public static void check(Settings settings, Path home, Posix posix) throws StartFailure {
    try {
      Account account = Account.of(settings.workers().isolation(), posix);
      checkWorkers(settings, account, home, posix);
      for (AppSettings app : settings.apps()) {
        AppArchive.check(app);
      }
      CertificateCopies.check(settings.listen());
    } catch (IOException e) {
      throw new StartFailure(ExitCode.CONFIGURATION, RunDir.reason(e));
    }
  }

  /** That workers can be started, limited, and reach what they need. */
  static void checkWorkers(Settings settings, Account account, Path home, Posix posix)
      throws IOException {
    JavaHome java = JavaHome.of(settings.workers());
    IsolationSettings isolation = settings.workers().isolation();
    if (isolation.memoryBytes().isPresent()) {
      new MemoryGroups(posix).check();
    }
    List<String> command = WorkerCommand.before(isolation, account);
    if (command.isEmpty()) {
      return;
    }
    var probe = new AccessProbe();
    if (account.other()) {
      probe
          .reads(java.executable())
          .reads(WorkerJvm.of(settings.workers(), home).jar())
          .enters(existing(settings.runDir()))
          .enters(existing(settings.sessions().directory(settings.runDir(), account.uid())));
      if (Files.exists(settings.runDir())) {
        probe.cannotWrite(settings.runDir());
      }
    }
    probe.run(command, account.name());
  }

  /** The directory, or that above it which is there already. */
  private static Path existing(Path directory) {
    Path at = directory.toAbsolutePath().normalize();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
