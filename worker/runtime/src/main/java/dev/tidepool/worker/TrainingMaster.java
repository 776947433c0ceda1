package dev.tidepool.worker;

import com.typesafe.config.ConfigRenderOptions;
import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.control.Access;
import dev.tidepool.control.ControlServer;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Message;
import dev.tidepool.control.Peer;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Leads a worker of the same process through its life as the master does: start, service, drain.
 */
final class TrainingMaster implements ControlServer.Handler, AutoCloseable {
  private static final int RECORD = 0;
  private static final int REQUESTS = 50;
  private static final int MAX_BYTES = 1 << 20;
  private static final String ADDRESS = "training";
  private static final String SOCKET = "workers.sock";

  private final Posix posix;
  private final Path scratch;
  private final Scoreboard scoreboard;
  private final Path socket;
  private final ControlServer server;
  private final int listening;
  private final Posix.FdPair mailbox;
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private volatile @Nullable Peer worker;

  /** Keeps its files in {@code scratch}. */
  TrainingMaster(Posix posix, Path scratch) throws IOException {
    this.posix = posix;
    this.scratch = scratch;
    scoreboard = Scoreboard.create(scratch.resolve("scoreboard"), 2);
    listening = posix.listenTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    mailbox = posix.packetPair();
    socket = place(scratch).resolve(SOCKET);
    server = new ControlServer(posix);
    server.listen(
        socket,
        Access.own(0600),
        new ControlServer.Limits(MAX_BYTES, 1, Duration.ZERO, MAX_BYTES),
        this);
  }

  /** {@code scratch}, unless its path is too long for a socket in it. */
  private static Path place(Path scratch) throws IOException {
    int bytes = scratch.resolve(SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
    return bytes <= Posix.MAX_SOCKET_PATH_BYTES ? scratch : Files.createTempDirectory("tidepool");
  }

  /** Where the worker is to dial. */
  Path socket() {
    return socket;
  }

  /**
   * Blocks until the worker has drained, and has it end also if it failed.
   *
   * @throws IOException if it did not do as it should
   */
  WorkerMessage.Drained lead() throws IOException, InterruptedException, InvalidSettingsException {
    try {
      return life();
    } finally {
      send(new MasterMessage.Stop("the training is over"));
    }
  }

  private WorkerMessage.Drained life()
      throws IOException, InterruptedException, InvalidSettingsException {
    await(WorkerMessage.Hello.class);
    Path app = scratch.resolve("app.jar");
    TrainingApp.writeJar(app);
    send(
        new MasterMessage.Welcome(
            RECORD,
            0,
            0,
            settings(),
            List.of(app.toString()),
            scratch.toString(),
            scoreboard.path().toString()));
    send(new MasterMessage.Listen(ADDRESS, 0), listening);
    send(new MasterMessage.Mailbox(RECORD), mailbox.first(), mailbox.second());
    await(WorkerMessage.AppStarted.class);
    await(WorkerMessage.Warmed.class);
    send(new MasterMessage.Serve(0));
    await(WorkerMessage.Serving.class);
    request();
    send(new MasterMessage.Drain("the training ends"));
    return await(WorkerMessage.Drained.class);
  }

  private String settings() throws InvalidSettingsException {
    List<String> sets =
        List.of(
            "run-dir=/", // not used, but a long one is refused for the sockets in it
            "sessions.dir=" + scratch.resolve("sessions"),
            "sessions.capacity=1000");
    return SettingsLoader.load(scratch, Optional.empty(), sets, Map.of())
        .effective()
        .root()
        .render(ConfigRenderOptions.concise());
  }

  private void request() throws IOException {
    InetSocketAddress address = posix.localAddress(listening);
    try (var connection = new Socket(address.getAddress(), address.getPort());
        var client = new WarmUpClient(connection.getInputStream(), connection.getOutputStream())) {
      for (int i = 0; i < REQUESTS; i++) {
        client.get(new OwnRequest("localhost", "/"));
      }
    }
  }

  private void send(MasterMessage message, int... fds) {
    Peer known = worker;
    if (known != null) {
      known.send(message, fds);
    }
  }

  /** No limit: whoever wants the archive ends a training that takes too long. */
  private <M extends WorkerMessage> M await(Class<M> wanted)
      throws IOException, InterruptedException {
    Object next = heard.take();
    if (!wanted.isInstance(next)) {
      throw new IOException("the worker said " + next + " instead of " + wanted.getSimpleName());
    }
    return wanted.cast(next);
  }

  @Override
  public void onOpen(Peer opened) {
    worker = opened;
  }

  @Override
  public void onMessage(Peer from, Message message, List<Integer> fds) {
    heard.add(message);
  }

  @Override
  public void onClose(Peer closed, String reason) {
    heard.add(reason);
  }

  @Override
  public void close() throws IOException {
    server.close();
    if (!socket.startsWith(scratch)) {
      Files.delete(socket.getParent());
    }
    posix.close(listening);
    posix.close(mailbox.first());
    posix.close(mailbox.second());
    scoreboard.close();
  }
}
