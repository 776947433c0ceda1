package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The master as first process of a container: signals reach it, and it reaps what it inherits. */
final class PidOneIT {
  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig().launchedBy("unshare", "-pf", "--mount-proc");

  @Test
  void itIsPidOneAndServes() {
    assertThat(server.status().masterPid()).isEqualTo(1);
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  @Test
  void orphansOfOthersDoNotStayAsZombies() {
    int master = server.pid();
    String inside = "(sleep 0.2 & sleep 0.3 & sleep 0.4 &) ; exit 0";
    Cli.run("nsenter", "-t", String.valueOf(master), "-p", "sh", "-c", inside);
    eventually(ofSeconds(10), () -> assertThat(sleepersOf(master)).isEmpty());
    eventually(ofSeconds(20), () -> assertThat(Processes.zombiesOf(master)).isEmpty());
  }

  @Test
  void aKilledWorkerIsReplacedAndReaped() {
    int master = server.pid();
    List<Integer> workers = Processes.childrenOf(master);
    assertThat(workers).hasSize(2);
    server.signal(workers.get(0), Signal.KILL);
    server.awaitLog("signal 9 (KILL");
    server.awaitServing(2);
    assertThat(Processes.zombiesOf(master)).isEmpty();
  }

  @Test
  void signalsReachIt() {
    server.signalMaster(Signal.HUP);
    server.awaitLog("generation 2 serves after");
    server.signalMaster(Signal.TERM);
    assertThat(server.awaitExit(ofSeconds(30))).isZero();
  }

  private static List<Integer> sleepersOf(int master) {
    return Processes.childrenOf(master).stream()
        .filter(pid -> Processes.read(pid, "comm").startsWith("sleep"))
        .toList();
  }
}
