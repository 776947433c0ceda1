package dev.tidepool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.master.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids that look like options are asked for, where nobody answers. */
class SessionsCommandTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"abcdefgh", "-abcdefgh", "-hVabcdefgh", "-Vabcdefgh", "--json-abc"})
  void anIdMayBeginWithDashes(String id) {
    String runDir = "--run-dir=" + directory;
    for (String command : new String[] {"show", "drop"}) {
      assertThat(TidepoolCommand.execute("sessions", command, id, runDir, "--json"))
          .isEqualTo(ExitCode.NO_MASTER.number());
      assertThat(TidepoolCommand.execute("sessions", command, runDir, id))
          .isEqualTo(ExitCode.NO_MASTER.number());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "drop"})
  void oneIdIsWanted(String command) {
    String runDir = "--run-dir=" + directory;
    assertThat(TidepoolCommand.execute("sessions", command, runDir))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(TidepoolCommand.execute("sessions", command, runDir, "abcdefgh", "--jsno"))
        .isEqualTo(ExitCode.USAGE.number());
  }
}
