package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A master that was started by hand, on a terminal. */
final class TerminalIT {
  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("log.level = DEBUG").launchedBy(TidepoolServer.TERMINAL);

  @Test
  void workersOfTheBackgroundAreNotStoppedForWhatTheyLog() {
    server.awaitServing(2);
    server.awaitLog("expires sessions from now on");
    assertThat(server.status().workers()).allMatch(worker -> worker.state().equals("serving"));
  }

  @Test
  void aResizedWindowDoesNotEmptyThePool() {
    List<Integer> before = server.pids();
    server.signalMaster(Signal.WINCH);
    server.awaitLog("ignored on a terminal");
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
  }
}
