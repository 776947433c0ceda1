package dev.tidepool.control;

import static dev.tidepool.control.RecordingHandler.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.control.ControlClient.ReceivedMessage;
import dev.tidepool.control.ControlServer.Limits;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Posix.FdPair;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ControlServerTest {
  private static final Limits LIMITS = new Limits(1 << 20, 1000, Duration.ZERO, 1 << 20);

  private final Posix posix = Posix.get();
  private final List<Integer> raw = new ArrayList<>();
  @TempDir Path directory;
  private Path socket = Path.of("");
  private ControlServer server = new ControlServer(posix);
  private final List<Peer> waiting = new CopyOnWriteArrayList<>();
  private final RecordingHandler handler =
      new RecordingHandler(
          (peer, message) -> {
            if (message instanceof OperatorMessage.Status) {
              peer.send(new OperatorMessage.Reply(0, "fine"));
            } else if (message instanceof OperatorMessage.Drain) {
              waiting.forEach(p -> p.send(new OperatorMessage.Reply(0, "at last")));
            }
          });

  @BeforeEach
  void place() {
    socket = directory.resolve("control.sock");
  }

  @AfterEach
  void close() {
    raw.forEach(posix::close);
    server.close();
  }

  @Test
  void answersAndKnowsWhoAsks() throws Exception {
    listen(LIMITS);

    assertThat(ask()).isEqualTo(new OperatorMessage.Reply(0, "fine"));

    assertThat(next(handler.opened).credentials().pid()).isEqualTo(posix.pid());
    assertThat(next(handler.closed)).isEqualTo("closed by its process");
  }

  @Test
  void givesTheFileItsModeAndRemovesItInTheEnd() throws Exception {
    listen(LIMITS);

    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));

    server.close();
    assertThat(directory).isEmptyDirectory();
    assertThatThrownBy(() -> ControlClient.dial(posix, socket))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("No such file");
  }

  @Test
  void replacesAStaleFileButNotALivingServer() throws Exception {
    posix.close(posix.listenUnix(socket, 0600, 1));
    listen(LIMITS);
    assertThat(ask()).isEqualTo(new OperatorMessage.Reply(0, "fine"));

    try (ControlServer second = new ControlServer(posix)) {
      assertThatThrownBy(() -> second.listen(socket, Access.own(0600), LIMITS, handler))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("is another master running?");
    }
    assertThat(ask()).isEqualTo(new OperatorMessage.Reply(0, "fine"));
  }

  @Test
  void namesWhatIsWrongWithGarbage() throws Exception {
    listen(LIMITS);

    write(dial(), "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));

    assertThat(next(handler.closed)).isEqualTo("length=1195725856, a frame has 4 to 1048576");
    assertThat(ask()).isEqualTo(new OperatorMessage.Reply(0, "fine"));
  }

  @Test
  void namesAHalfFrame() throws Exception {
    listen(LIMITS);

    int fd = dial();
    write(fd, new byte[] {0, 0, 0, 8, 1, 67, 0, 0, 0});
    posix.disconnect(fd);

    assertThat(next(handler.closed)).isEqualTo("ended after 9 of 12 bytes of a frame");
  }

  @Test
  void refusesVersionsTypesAndDescriptorsItDoesNotKnow() throws Exception {
    listen(LIMITS);
    int before = posix.openDescriptors();

    write(dial(), new byte[] {0, 0, 0, 4, 9, 64, 0, 0});
    assertThat(next(handler.closed))
        .isEqualTo("version=9 type=64 length=0, this side speaks version 1");

    write(dial(), new byte[] {0, 0, 0, 4, 1, 99, 0, 0});
    assertThat(next(handler.closed)).isEqualTo("type=99 length=0, there is no such type");

    FdPair pair = posix.packetPair();
    int fd = dial();
    posix.send(fd, ByteBuffer.wrap(new byte[] {0, 0, 0, 4, 1, 64, 0, 0}), pair.first());
    assertThat(next(handler.closed)).isEqualTo("1 descriptors came, 0 were announced");

    fd = dial();
    ByteBuffer listen = FrameCodec.encode(new MasterMessage.Listen("127.0.0.1:80", 0), 1);
    posix.send(fd, listen, pair.first());
    assertThat(next(handler.closed)).isEqualTo("LISTEN is said by the master only");

    posix.close(pair.first());
    posix.close(pair.second());
    raw.forEach(posix::close);
    raw.clear();
    eventually(() -> posix.openDescriptors() == before);
  }

  @Test
  void closesAPeerThatDoesNotRead() throws Exception {
    listen(new Limits(1 << 20, 10, Duration.ZERO, 1 << 20));
    dial();
    Peer peer = next(handler.opened);

    String text = "x".repeat(100_000);
    for (int i = 0; i < 30; i++) {
      peer.send(new OperatorMessage.Reply(0, text));
    }

    assertThat(next(handler.closed)).startsWith("does not read: ").contains("limit of 1048576");
    assertThat(ask()).isEqualTo(new OperatorMessage.Reply(0, "fine"));
  }

  @Test
  void closesAPeerThatLeavesItsAnswerLying() throws Exception {
    listen(new Limits(1 << 20, 10, Duration.ofMillis(200), 8 << 20));
    dial();

    next(handler.opened).send(new OperatorMessage.Reply(0, "x".repeat(3_000_000)));

    assertThat(next(handler.closed)).startsWith("does not read its answer: ");
  }

  @Test
  void closesTheIdleButNotThoseWhoWaitForAnAnswer() throws Exception {
    listen(new Limits(1 << 20, 10, Duration.ofMillis(200), 1 << 20));
    try (ControlClient waits = ControlClient.dial(posix, socket)) {
      waits.send(new OperatorMessage.Reload(true));
      Peer waiting = next(handler.opened);
      next(handler.messages);
      dial();

      assertThat(next(handler.closed)).isEqualTo("idle");
      dial();
      assertThat(next(handler.closed)).isEqualTo("idle");

      waiting.send(new OperatorMessage.Reply(1, "rolled back"));
      assertThat(waits.receive().message()).isEqualTo(new OperatorMessage.Reply(1, "rolled back"));
    }
  }

  /** What the control thread queues itself is written only after its look at the idle ones. */
  @Test
  void anAnswerThatTookLongIsNotTakenForOneThatIsNotRead() throws Exception {
    listen(new Limits(1 << 20, 1000, Duration.ofMillis(200), 1 << 20));
    try (ControlClient waits = ControlClient.dial(posix, socket)) {
      waits.send(new OperatorMessage.Reload(true));
      waiting.add(next(handler.opened));
      next(handler.messages);
      dial();
      assertThat(next(handler.closed)).isEqualTo("idle");

      try (ControlClient other = ControlClient.dial(posix, socket)) {
        other.send(new OperatorMessage.Drain());
        assertThat(waits.receive().message()).isEqualTo(new OperatorMessage.Reply(0, "at last"));
      }
    }
  }

  @Test
  void manyIdleClientsDisturbNobody() throws Exception {
    listen(new Limits(1 << 20, 400, Duration.ZERO, 1 << 20));

    for (int i = 0; i < 500; i++) {
      dial();
      if (i % 100 == 0) {
        assertThat(ask()).isEqualTo(new OperatorMessage.Reply(0, "fine"));
      }
    }

    assertThat(ask()).isEqualTo(new OperatorMessage.Reply(0, "fine"));
    assertThat(handler.closed).anyMatch(reason -> reason.startsWith("idle longest of 400 peers"));
  }

  @Test
  void refusesOneMoreWhenAllWaitForAnswers() throws Exception {
    listen(new Limits(1 << 20, 1, Duration.ZERO, 1 << 20));
    try (ControlClient first = ControlClient.dial(posix, socket)) {
      first.send(new OperatorMessage.Reload(true));
      Peer peer = next(handler.opened);
      next(handler.messages);

      try (ControlClient second = ControlClient.dial(posix, socket)) {
        assertThatThrownBy(second::receive).isInstanceOf(EOFException.class);
      }

      peer.send(new OperatorMessage.Reply(0, "done"));
      assertThat(first.receive().message()).isEqualTo(new OperatorMessage.Reply(0, "done"));
    }
  }

  @Test
  void descriptorsArriveWithTheirFramesInOrder() throws Exception {
    listen(LIMITS);
    int before = posix.openDescriptors();
    try (ControlClient worker = ControlClient.dial(posix, socket)) {
      Peer peer = next(handler.opened);
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int fd = posix.listenTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        ports.add(posix.localAddress(fd).getPort());
        FdPair pair = posix.packetPair();
        peer.send(new MasterMessage.Listen("a" + i, 0), fd);
        peer.send(new MasterMessage.Serve(i));
        peer.send(new MasterMessage.Mailbox(i), pair.first(), pair.second());
        posix.close(fd);
        posix.close(pair.first());
        posix.close(pair.second());
      }
      for (int i = 0; i < 50; i++) {
        ReceivedMessage listen = worker.receive();
        assertThat(listen.message()).isEqualTo(new MasterMessage.Listen("a" + i, 0));
        assertThat(posix.localAddress(listen.fds().get(0)).getPort()).isEqualTo(ports.get(i));
        assertThat(worker.receive())
            .isEqualTo(new ReceivedMessage(new MasterMessage.Serve(i), List.of()));
        ReceivedMessage mailbox = worker.receive();
        assertThat(mailbox.message()).isEqualTo(new MasterMessage.Mailbox(i));
        assertThat(mailbox.fds()).hasSize(2);
        posix.send(mailbox.fds().get(0), ByteBuffer.wrap(new byte[] {(byte) i}));
        ByteBuffer read = ByteBuffer.allocate(8);
        assertThat(posix.receive(mailbox.fds().get(1), read, false)).isPresent();
        assertThat(read.get(0)).isEqualTo((byte) i);
        listen.fds().forEach(posix::close);
        mailbox.fds().forEach(posix::close);
      }
    }
    eventually(() -> posix.openDescriptors() == before);
  }

  @Test
  void aLargeFrameGoesThroughBothWays() throws Exception {
    listen(new Limits(16 << 20, 10, Duration.ZERO, 16 << 20));
    String settings = "ü".repeat(3_000_000);
    try (ControlClient worker = ControlClient.dial(posix, socket)) {
      worker.send(new WorkerMessage.Failed("load", settings));
      assertThat(next(handler.messages)).isEqualTo(new WorkerMessage.Failed("load", settings));

      next(handler.opened).send(new MasterMessage.Drain(settings));
      assertThat(worker.receive().message()).isEqualTo(new MasterMessage.Drain(settings));
    }
  }

  @Test
  void writesWhatIsQueuedBeforeItCloses() throws Exception {
    listen(new Limits(16 << 20, 10, Duration.ZERO, 16 << 20));
    OperatorMessage.Reply last = new OperatorMessage.Reply(0, "x".repeat(2_000_000));
    try (ControlClient client = ControlClient.dial(posix, socket)) {
      Peer peer = next(handler.opened);
      peer.send(last);
      peer.close("told all");
      assertThat(client.receive().message()).isEqualTo(last);
      assertThatThrownBy(client::receive).isInstanceOf(EOFException.class);
    }
    assertThat(next(handler.closed)).isEqualTo("told all");
  }

  @Test
  void aWorkerDialsAgainWhenTheServerIsBack() throws Exception {
    listen(LIMITS);
    ControlClient first = ControlClient.dial(posix, socket);
    first.send(new WorkerMessage.Serving(1));
    assertThat(next(handler.messages)).isEqualTo(new WorkerMessage.Serving(1));
    server.close();
    assertThatThrownBy(first::receive).isInstanceOf(EOFException.class);
    first.close();

    server = new ControlServer(posix);
    listen(LIMITS);
    try (ControlClient second = ControlClient.dial(posix, socket)) {
      second.send(new WorkerMessage.Serving(2));
      assertThat(next(handler.messages)).isEqualTo(new WorkerMessage.Serving(2));
    }
  }

  @Test
  void closeWakesTheReceiver() throws Exception {
    listen(LIMITS);
    ControlClient client = ControlClient.dial(posix, socket);
    List<IOException> ends = java.util.Collections.synchronizedList(new ArrayList<>());
    Thread receiver =
        new Thread(
            () -> {
              try {
                client.receive();
              } catch (IOException e) {
                ends.add(e);
              }
            });
    receiver.start();
    next(handler.opened);

    client.close();
    receiver.join(10_000);

    assertThat(ends).singleElement().isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> client.send(new WorkerMessage.Serving(1)))
        .hasMessage("the connection is closed");
  }

  private void listen(Limits limits) throws IOException {
    server.listen(socket, Access.own(0660), limits, handler);
  }

  private OperatorMessage ask() throws IOException {
    try (ControlClient client = ControlClient.dial(posix, socket)) {
      client.send(new OperatorMessage.Status());
      return (OperatorMessage) client.receive().message();
    }
  }

  private int dial() {
    int fd = posix.connectUnix(socket);
    raw.add(fd);
    return fd;
  }

  private void write(int fd, byte[] bytes) {
    posix.send(fd, ByteBuffer.wrap(bytes));
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("it did not come true in 10 s");
      }
      Thread.onSpinWait();
    }
  }
}
