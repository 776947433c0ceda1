package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import java.io.IOException;

/** The checks of a start that need nothing but the disk: {@code tidepool check}. */
public final class Preflight {
  private Preflight() {}

  /**
   * Looks at the Java home, the app, and the certificates.
   *
   * @throws StartFailure if one cannot be used: one line, and the exit code
   */
  public static void check(Settings settings) throws StartFailure {
    try {
      JavaHome.of(settings.workers());
      AppArchive.check(settings.app().path());
      CertificateCopies.check(settings.listen().certificates());
    } catch (IOException e) {
      throw new StartFailure(ExitCode.CONFIGURATION, RunDir.reason(e));
    }
  }
}
