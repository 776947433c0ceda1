package dev.tidepool.cli;

import dev.tidepool.control.Access;
import dev.tidepool.control.ControlServer;
import dev.tidepool.control.Message;
import dev.tidepool.control.OperatorMessage;
import dev.tidepool.control.Peer;
import dev.tidepool.master.ExitCode;
import dev.tidepool.master.RunDir;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code tidepool train}: loads what other commands load, for {@code bin/tidepool} to make an
 * archive of. It asks a master that has no workers.
 */
@Command(name = "train", description = "Load the classes of other commands.", hidden = true)
final class TrainCommand implements Callable<Integer> {
  private static final String STATUS =
      """
      {"master": {"pid": 1, "uptimeSeconds": 1}, "generation": 1, "reloading": false,
       "suspended": false, "listen": {"http": [], "admin": []}, "apps": [], "workers": [
        {"role": "slot", "slot": 0, "pid": 2, "generation": 1, "state": "serving",
         "process": "S", "uptimeSeconds": 1, "connections": 0, "inFlight": 0, "served": 0,
         "youngBytes": 8388608, "youngWhy": "as configured"}]}""";

  @Override
  public Integer call() throws IOException {
    Posix.get().leadProcessGroup(); // or it would end with a start that Ctrl-C ends
    Path directory = Files.createTempDirectory("tidepool-train");
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try (ControlServer master = new ControlServer(Posix.get())) {
      master.listen(
          RunDir.controlSocket(directory),
          Access.own(0600),
          new ControlServer.Limits(1 << 20, 4, Duration.ofMinutes(1), 1 << 20),
          new Answering());
      String runDir = "--run-dir=" + directory;
      int asked = StatusCommand.asPlainlyAsked("status", runDir).orElseThrow().call();
      int askedByScript = TidepoolCommand.execute("status", "--json", runDir);
      TidepoolCommand.execute("config"); // as for run; it may be a broken one
      return Math.max(asked, askedByScript);
    } finally {
      System.setOut(out);
      Files.delete(directory);
    }
  }

  /** Says to every operator the same. */
  private static final class Answering implements ControlServer.Handler {
    @Override
    public void onOpen(Peer peer) {}

    @Override
    public void onMessage(Peer peer, Message message, List<Integer> fds) {
      peer.send(new OperatorMessage.Reply(ExitCode.DONE.number(), STATUS));
    }

    @Override
    public void onClose(Peer peer, String reason) {}
  }
}
