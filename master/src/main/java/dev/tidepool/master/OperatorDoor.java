package dev.tidepool.master;

import dev.tidepool.control.ControlServer;
import dev.tidepool.control.Message;
import dev.tidepool.control.OperatorMessage;
import dev.tidepool.control.Peer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code control.sock}: carries out what operators ask for; each command is logged with uid and
 * pid.
 */
final class OperatorDoor implements ControlServer.Handler {
  private static final Logger log = LoggerFactory.getLogger(OperatorDoor.class);

  private final Consumer<MasterEvent> queue;
  private final Commands commands;
  private final Function<Supervisor, String> status;

  OperatorDoor(
      Consumer<MasterEvent> queue, Commands commands, Function<Supervisor, String> status) {
    this.queue = queue;
    this.commands = commands;
    this.status = status;
  }

  @Override
  public void onOpen(Peer peer) {
    log.debug("operator connected: {}", peer.credentials());
  }

  @Override
  public void onMessage(Peer peer, Message message, List<Integer> fds) {
    if (message instanceof OperatorMessage asked && !(asked instanceof OperatorMessage.Reply)) {
      queue.accept(supervisor -> carryOut(supervisor, peer, asked));
    } else {
      peer.close("sent " + message + ", which is not for control.sock");
    }
  }

  @Override
  public void onClose(Peer peer, String reason) {
    log.debug("operator gone: {}: {}", peer.credentials(), reason);
  }

  private void carryOut(Supervisor supervisor, Peer peer, OperatorMessage asked) {
    String by =
        "%s by uid %d pid %d"
            .formatted(name(asked), peer.credentials().uid(), peer.credentials().pid());
    if (asked instanceof OperatorMessage.Status) {
      log.debug("{}", by); // asked for every few seconds by monitoring
      answer(peer, ExitCode.DONE, status.apply(supervisor));
    } else if (asked instanceof OperatorMessage.Reload reload) {
      reload(peer, reload, by);
    } else if (asked instanceof OperatorMessage.Stop stop) {
      commands.stop(stop.fast(), by);
      answer(peer, ExitCode.DONE, "stopping");
    } else if (asked instanceof OperatorMessage.Scale scale) {
      answer(peer, commands.scale(scale.count(), by), "scaling to " + scale.count() + " workers");
    } else if (asked instanceof OperatorMessage.ReopenLogs) {
      answer(peer, commands.reopenLogs(by), "logs reopened");
    } else if (asked instanceof OperatorMessage.Sessions question) {
      commands.askSessions(by, question, peer::send);
    } else if (asked instanceof OperatorMessage.Drain) {
      commands.drain(by);
      answer(peer, ExitCode.DONE, "draining all workers; reload or scale starts new ones");
    }
  }

  private void reload(Peer peer, OperatorMessage.Reload reload, String by) {
    if (!reload.awaitVerdict()) {
      commands.reload(by, verdict -> {});
      answer(peer, ExitCode.DONE, "reload queued; the verdict is in the log");
      return;
    }
    commands.reload(
        by,
        verdict -> answer(peer, verdict.done() ? ExitCode.DONE : ExitCode.REFUSED, verdict.text()));
  }

  private static String name(OperatorMessage asked) {
    return asked.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  private static void answer(Peer peer, @Nullable String refusal, String done) {
    answer(
        peer, refusal == null ? ExitCode.DONE : ExitCode.REFUSED, refusal == null ? done : refusal);
  }

  private static void answer(Peer peer, ExitCode code, String text) {
    peer.send(new OperatorMessage.Reply(code.number(), text));
  }
}
