package dev.tidepool.master;

import dev.tidepool.control.ControlServer;
import dev.tidepool.control.Message;
import dev.tidepool.control.Peer;
import dev.tidepool.control.WorkerMessage;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code workers.sock}: turns what workers say into events of the supervisor. */
final class WorkerDoor implements ControlServer.Handler {
  private static final Logger log = LoggerFactory.getLogger(WorkerDoor.class);

  private final Consumer<MasterEvent> queue;

  WorkerDoor(Consumer<MasterEvent> queue) {
    this.queue = queue;
  }

  @Override
  public void onOpen(Peer peer) {
    log.debug("pid {} dialled workers.sock", peer.credentials().pid());
  }

  @Override
  public void onMessage(Peer peer, Message message, List<Integer> fds) {
    if (message instanceof WorkerMessage said) {
      queue.accept(supervisor -> deliver(supervisor, peer, said));
    } else {
      peer.close("sent " + message + ", which is not for workers.sock");
    }
  }

  @Override
  public void onClose(Peer peer, String reason) {
    queue.accept(
        supervisor -> {
          Worker worker = supervisor.pool().byPid(peer.credentials().pid());
          if (worker != null) {
            worker.disconnected(peer);
          }
        });
  }

  private static void deliver(Supervisor supervisor, Peer peer, WorkerMessage said) {
    if (said instanceof WorkerMessage.Hello hello) {
      supervisor.hello(peer, hello);
      return;
    }
    Worker worker = supervisor.pool().byPid(peer.credentials().pid());
    if (worker != null && worker.peer() == peer) { // else it exited, or dialled again, meanwhile
      said.deliverTo(new Speaker(supervisor, worker));
    }
  }

  /** Messages of one known worker. */
  private record Speaker(Supervisor supervisor, Worker worker) implements WorkerMessage.Handler {
    @Override
    public void onHello(WorkerMessage.Hello message) {
      throw new IllegalStateException("HELLO opens a connection");
    }

    @Override
    public void onAppStarted(WorkerMessage.AppStarted message) {
      supervisor.appStarted(worker, message);
    }

    @Override
    public void onWarmed(WorkerMessage.Warmed message) {
      supervisor.warmed(worker, message);
    }

    @Override
    public void onFailed(WorkerMessage.Failed message) {
      supervisor.failed(worker, message);
    }

    @Override
    public void onServing(WorkerMessage.Serving message) {
      supervisor.serving(worker);
    }

    @Override
    public void onDrained(WorkerMessage.Drained message) {
      supervisor.drained(worker, message);
    }

    @Override
    public void onSessionsAnswer(WorkerMessage.SessionsAnswer message) {
      supervisor.sessionQuestions().answered(worker, message);
    }
  }
}
