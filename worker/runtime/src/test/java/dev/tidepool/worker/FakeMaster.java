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
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does for one worker process what the master does, when the test says so. */
final class FakeMaster implements AutoCloseable {
  private static final int RECORD = 1;

  final Posix posix = Posix.get();
  final Path directory;
  final Path log;
  final Scoreboard scoreboard;
  final int port;
  private final int listenFd;
  private final Posix.FdPair mailbox = posix.packetPair();
  private final List<Process> processes = new ArrayList<>();
  private BlockingQueue<Object> inbox = new LinkedBlockingQueue<>();
  private @Nullable ControlServer server;
  private volatile @Nullable Peer peer;

  FakeMaster(Path directory) throws IOException {
    this.directory = directory;
    log = directory.resolve("log");
    scoreboard = Scoreboard.create(directory.resolve("scoreboard"), 4);
    listenFd = posix.listenTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    port = posix.localAddress(listenFd).getPort();
    open();
  }

  /** Opens workers.sock. */
  void open() throws IOException {
    BlockingQueue<Object> mine = new LinkedBlockingQueue<>();
    inbox = mine;
    var opened = new ControlServer(posix);
    server = opened;
    opened.listen(
        directory.resolve("workers.sock"),
        Access.own(0600),
        new ControlServer.Limits(16 << 20, 100, Duration.ZERO, 16 << 20),
        new ControlServer.Handler() {
          @Override
          public void onOpen(Peer opened) {
            peer = opened;
          }

          @Override
          public void onMessage(Peer from, Message message, List<Integer> fds) {
            mine.add(message);
          }

          @Override
          public void onClose(Peer closed, String reason) {
            mine.add(reason);
          }
        });
  }

  /** Closes it, and every connection. */
  void vanish() {
    Objects.requireNonNull(server).close();
  }

  Process start(String... jvmOptions) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What the manifest opens for a started worker, the build opens for the tests.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--"))
        .forEach(command::add);
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(List.of(jvmOptions));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            WorkerMain.class.getName(),
            directory.resolve("workers.sock").toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    processes.add(process);
    return process;
  }

  <T> T next(Class<T> type) throws InterruptedException, IOException {
    Object message = inbox.poll(30, TimeUnit.SECONDS);
    if (!type.isInstance(message)) {
      throw new AssertionError(
          "got " + message + " instead of " + type.getSimpleName() + "; log:\n" + log());
    }
    return type.cast(message);
  }

  void send(MasterMessage message, int... fds) {
    Objects.requireNonNull(peer).send(message, fds);
  }

  /** Answers HELLO, and hands over what a worker needs. */
  WorkerMessage.Hello welcome(Path app, String... sets)
      throws InterruptedException, IOException, InvalidSettingsException {
    WorkerMessage.Hello hello = next(WorkerMessage.Hello.class);
    record().assign(hello.pid(), hello.startTicks(), -1, 7);
    List<String> all = new ArrayList<>(List.of("warm-up.round=20", "sessions.capacity=1000"));
    all.add("sessions.dir=" + directory.resolve("sessions"));
    all.addAll(List.of(sets));
    String settings =
        SettingsLoader.load(directory, Optional.empty(), all, Map.of())
            .effective()
            .root()
            .render(ConfigRenderOptions.concise());
    send(
        new MasterMessage.Welcome(
            RECORD, -1, 7, settings, List.of(app.toString()), "/", scoreboard.path().toString()));
    send(new MasterMessage.Listen("127.0.0.1:" + port, 0), listenFd);
    send(new MasterMessage.Mailbox(RECORD), mailbox.first(), mailbox.second());
    return hello;
  }

  WorkerRecord record() {
    return scoreboard.record(RECORD);
  }

  String log() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  @Override
  public void close() {
    processes.forEach(process -> process.destroyForcibly().onExit().join());
    vanish();
    posix.close(listenFd);
    posix.close(mailbox.first());
    posix.close(mailbox.second());
    scoreboard.close();
  }
}
