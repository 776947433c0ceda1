package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers and misfits on the two sockets: their connection ends, nothing else does. */
final class ControlChannelIT {
  private static final int HELLO_TYPE = 1;
  private static final int DRAIN_TYPE = 36;
  private static final int STATUS_TYPE = 64;
  private static final String OWN_PID = "pid=" + ProcessHandle.current().pid();

  @RegisterExtension
  static final TidepoolServer server = TidepoolServer.withConfig("control.idle-timeout = 3 s");

  @AfterEach
  void nothingElseSuffered() {
    assertThat(server.statusByCommand().serving()).hasSize(2);
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"control.sock", "workers.sock"})
  void garbage(String socket) throws IOException {
    closedAfter(socket, "GET / HTTP/1.1\r\nHost: what\r\n\r\n".getBytes(US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"control.sock", "workers.sock"})
  void aFrameThatIsTooLarge(String socket) throws IOException {
    closedAfter(socket, frame(0x7fff_0000, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"control.sock", "workers.sock"})
  void anUnknownVersion(String socket) throws IOException {
    closedAfter(socket, frame(4, 99, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"control.sock", "workers.sock"})
  void anUnknownType(String socket) throws IOException {
    closedAfter(socket, frame(4, 1, 250));
  }

  @ParameterizedTest
  @ValueSource(strings = {"control.sock", "workers.sock"})
  void halfAFrame(String socket) throws IOException {
    int logged = server.log().length();
    try (var channel = connect(socket)) {
      channel.write(ByteBuffer.wrap(frame(1000, 1, 1)));
      channel.shutdownOutput();
      assertThat(readToItsEnd(channel)).isTrue();
    }
    eventually(ofSeconds(10), () -> assertThat(server.log().substring(logged)).contains(OWN_PID));
  }

  /** Who it is, the kernel says, and not the message. */
  @Test
  void aProcessThatClaimsToBeAWorker() throws IOException {
    List<Integer> workers = server.pids();
    try (var channel = connect("workers.sock")) {
      channel.write(ByteBuffer.wrap(hello(workers.get(0))));
      ByteBuffer answer = ByteBuffer.allocate(8);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // until the head of a frame is whole
      }
      assertThat(answer.get(5)).isEqualTo((byte) DRAIN_TYPE);
    }
    assertThat(server.pids()).isEqualTo(workers);
  }

  @Test
  void aClientThatSaysNothing() throws IOException {
    try (var channel = connect("control.sock")) {
      assertThat(readToItsEnd(channel)).isTrue();
    }
  }

  @Test
  void aClientThatNeverReads() throws IOException {
    byte[] status = statusRequests(2000);
    try (var channel = connect("control.sock")) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
      channel.configureBlocking(false);
      ByteBuffer flood = ByteBuffer.wrap(status);
      eventually(ofSeconds(40), () -> assertThat(isCut(channel, flood)).isTrue());
      assertThat(server.statusByCommand().serving()).hasSize(2);
    }
  }

  @Test
  void fiveHundredIdleClients() throws IOException {
    var idle = new ArrayList<SocketChannel>();
    try {
      for (int i = 0; i < 500; i++) {
        idle.add(connect("control.sock"));
      }
      assertThat(server.statusByCommand().serving()).hasSize(2);
      assertThat(server.reload().exitCode()).isZero();
    } finally {
      for (SocketChannel channel : idle) {
        channel.close();
      }
    }
  }

  @Test
  void anotherUserIsNotAllowed() {
    List<String> nobody =
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env");
    var canRead = new ArrayList<String>(nobody);
    canRead.addAll(List.of("test", "-r", Distribution.HOME.resolve("lib").toString()));
    assumeTrue(run(canRead).exitCode() == 0, "the distribution can be read by everybody");
    var command = new ArrayList<String>(nobody);
    command.addAll(
        List.of(
            Distribution.COMMAND.toString(), "status", "--run-dir", server.runDir().toString()));
    Cli.Result refused = run(command);
    assertThat(refused.exitCode()).as(refused.output()).isEqualTo(77);
    assertThat(refused.output()).contains("control.sock", "control.group");
  }

  private static Cli.Result run(List<String> command) {
    var environment = new HashMap<String, String>(Map.of("HOME", "/tmp"));
    environment.put("TIDEPOOL_JAVA_HOME", Distribution.JAVA_HOME.toString());
    return Cli.run(Duration.ofMinutes(1), environment, command);
  }

  private void closedAfter(String socket, byte[] bytes) throws IOException {
    int logged = server.log().length();
    try (var channel = connect(socket)) {
      channel.write(ByteBuffer.wrap(bytes));
      assertThat(readToItsEnd(channel)).isTrue();
    }
    eventually(ofSeconds(10), () -> assertThat(server.log().substring(logged)).contains(OWN_PID));
  }

  private static SocketChannel connect(String socket) throws IOException {
    Path path = server.runDir().resolve(socket);
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  /** True if the other side closes; anything it says before is passed over. */
  private static boolean readToItsEnd(SocketChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    int length;
    do {
      try {
        length = channel.read(buffer.clear());
      } catch (IOException reset) {
        return true;
      }
    } while (length >= 0);
    return true;
  }

  /** Writes on; true once the other side has closed. */
  private static boolean isCut(SocketChannel channel, ByteBuffer flood) {
    try {
      if (!flood.hasRemaining()) {
        flood.rewind();
      }
      channel.write(flood);
      return false;
    } catch (IOException broken) {
      return true;
    }
  }

  /** Length of the rest, version, type, descriptors, and what fits of the rest: nothing. */
  private static byte[] frame(int length, int version, int type) {
    return ByteBuffer.allocate(8)
        .putInt(length)
        .put((byte) version)
        .put((byte) type)
        .putShort((short) 0)
        .array();
  }

  /** HELLO of a serving worker: pid, start, record, slot, generation, state, no descriptors. */
  private static byte[] hello(int pid) {
    ByteBuffer frame = ByteBuffer.allocate(8 + 29);
    frame.put(frame(4 + 29, 1, HELLO_TYPE)).putInt(pid).putLong(1).putInt(0).putInt(0).putInt(1);
    return frame.put((byte) 3).putInt(0).array();
  }

  private static byte[] statusRequests(int count) {
    ByteBuffer all = ByteBuffer.allocate(8 * count);
    for (int i = 0; i < count; i++) {
      all.put(frame(4, 1, STATUS_TYPE));
    }
    return all.array();
  }
}
