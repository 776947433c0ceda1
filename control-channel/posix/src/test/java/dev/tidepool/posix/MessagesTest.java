package dev.tidepool.posix;

import static dev.tidepool.posix.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.posix.Posix.FdPair;
import dev.tidepool.posix.Posix.Received;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MessagesTest {
  @RegisterExtension static final DescriptorCount DESCRIPTORS = new DescriptorCount();
  private final Posix posix = Posix.get();
  private final List<Integer> open = new ArrayList<>();
  @TempDir Path directory;

  @AfterEach
  void close() {
    open.forEach(posix::close);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesDescriptorsBothWays(boolean packets) {
    FdPair pair = keep(packets ? posix.packetPair() : posix.streamPair());
    FdPair cargo = keep(posix.streamPair());

    passes(pair.first(), pair.second(), cargo);
    passes(pair.second(), pair.first(), cargo);
  }

  @Test
  void passesDescriptorsOverAPathThatTheJdkListensOn() throws Exception {
    Path path = directory.resolve("jdk.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      int client = keep(posix.connectUnix(path));
      try (SocketChannel accepted = server.accept()) {
        FdPair cargo = keep(posix.streamPair());
        posix.send(client, bytes("with cargo"), cargo.first());
        ByteBuffer read = ByteBuffer.allocate(64);
        accepted.read(read); // a plain read drops the descriptor, and leaks none
        assertThat(text(read)).isEqualTo("with cargo");

        var fd = accepted.getClass().getDeclaredField("fdVal");
        fd.setAccessible(true);
        passes(client, fd.getInt(accepted), cargo);
        passes(fd.getInt(accepted), client, cargo);

        assertThat(posix.peerCredentials(client).pid()).isEqualTo(posix.pid());
        assertThat(posix.peerCredentials(client).uid()).isEqualTo(posix.userId());
        accepted.write(bytes("back"));
        ByteBuffer back = ByteBuffer.allocateDirect(64);
        assertThat(posix.receive(client, back, true)).contains(new Received(4, List.of()));
        assertThat(text(back)).isEqualTo("back");
      }
    }
  }

  @Test
  void carriesAsManyDescriptorsAsTheKernelTakes() {
    FdPair pair = keep(posix.packetPair());
    int[] same = IntStream.generate(() -> pair.first()).limit(253).toArray();

    posix.send(pair.first(), bytes("x"), same);
    Received received = posix.receive(pair.second(), ByteBuffer.allocate(1), false).orElseThrow();

    assertThat(received.fds()).hasSize(253).doesNotHaveDuplicates();
    open.addAll(received.fds());
    assertThatThrownBy(() -> posix.send(pair.first(), bytes("x"), new int[254]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("253 descriptors at most, not 1 and 254");
    assertThatThrownBy(() -> posix.send(pair.first(), bytes("")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesAndReadsFromThePositionOnly() {
    FdPair pair = keep(posix.streamPair());
    for (boolean direct : new boolean[] {true, false}) {
      ByteBuffer data = direct ? ByteBuffer.allocateDirect(8) : ByteBuffer.allocate(8);
      data.put(bytes("abcdefgh")).position(2).limit(5);
      assertThat(posix.send(pair.first(), data)).isTrue();
      assertThat(data.position()).isEqualTo(5);
      assertThat(posix.readableBytes(pair.second())).isEqualTo(3);

      ByteBuffer into = direct ? ByteBuffer.allocateDirect(9) : ByteBuffer.allocate(9);
      into.put((byte) '<').limit(3);
      assertThat(posix.receive(pair.second(), into, true)).contains(new Received(2, List.of()));
      into.limit(9);
      assertThat(posix.receive(pair.second(), into, true)).contains(new Received(1, List.of()));
      assertThat(text(into)).isEqualTo("<cde");
      assertThat(posix.readableBytes(pair.second())).isZero();
    }
  }

  @Test
  void sendsLargeHeapBuffersInParts() {
    FdPair pair = keep(posix.streamPair());
    ByteBuffer large = ByteBuffer.allocate(100_000);
    for (int i = 0; i < large.capacity(); i++) {
      large.put(i, (byte) i);
    }
    ByteBuffer read = ByteBuffer.allocate(100_000);
    while (read.hasRemaining()) {
      if (large.hasRemaining()) {
        posix.send(pair.first(), large);
      }
      posix.receive(pair.second(), read, false);
    }
    assertThat(read.flip()).isEqualTo(large.flip());
  }

  @Test
  void saysWhenItWouldBlock() {
    FdPair pair = keep(posix.packetPair());
    FdPair cargo = keep(posix.streamPair());
    assertThat(posix.receive(pair.second(), ByteBuffer.allocate(1), true)).isEmpty();

    int sent = 0;
    while (posix.send(pair.first(), bytes("packet"), cargo.first())) {
      sent++;
    }

    assertThat(sent).isPositive();
    ByteBuffer unsent = bytes("packet");
    assertThat(posix.send(pair.first(), unsent, cargo.first())).isFalse();
    assertThat(unsent.remaining()).isEqualTo(6);
    for (int i = 0; i < sent; i++) {
      Received received =
          posix.receive(pair.second(), ByteBuffer.allocate(16), false).orElseThrow();
      assertThat(received.bytes()).isEqualTo(6);
      received.fds().forEach(posix::close);
    }
  }

  @Test
  void keepsTheBordersOfPackets() {
    FdPair pair = keep(posix.packetPair());
    FdPair cargo = keep(posix.streamPair());
    posix.send(pair.first(), bytes("one"));
    posix.send(pair.first(), bytes("three"), cargo.first());
    ByteBuffer read = ByteBuffer.allocate(16);
    assertThat(posix.receive(pair.second(), read, false)).contains(new Received(3, List.of()));

    fails(
        Errno.EMSGSIZE,
        "recvmsg(fd=" + pair.second() + ", 4 bytes) failed: Message too long",
        () -> posix.receive(pair.second(), ByteBuffer.allocate(4), false));
  }

  @Test
  void tellsTheEndFromNothing() {
    FdPair pair = posix.streamPair();
    assertThat(posix.receive(pair.second(), ByteBuffer.allocate(1), false)).isEmpty();
    posix.close(pair.first());

    assertThat(posix.receive(pair.second(), ByteBuffer.allocate(1), false))
        .contains(new Received(0, List.of()));
    fails(Errno.EPIPE, "sendmsg(fd=" + pair.second(), () -> posix.send(pair.second(), bytes("x")));
    posix.close(pair.second());
  }

  @Test
  void saysWhichDescriptorIsNone() {
    int none = -1; // the number of one just closed may be another thread's by now
    fails(
        Errno.EBADF,
        "recvmsg(fd=-1) failed: Bad file descriptor",
        () -> posix.receive(none, ByteBuffer.allocate(1), false));
    fails(Errno.EBADF, "FIONREAD", () -> posix.readableBytes(none));
    fails(Errno.EBADF, "F_DUPFD_CLOEXEC", () -> posix.duplicate(none));
    fails(Errno.EBADF, "SO_PEERCRED", () -> posix.peerCredentials(none));
  }

  private void passes(int from, int to, FdPair cargo) {
    assertThat(posix.send(from, bytes("hello"), cargo.first(), cargo.second())).isTrue();
    ByteBuffer read = ByteBuffer.allocate(64);
    Received received = posix.receive(to, read, true).orElseThrow();

    assertThat(text(read)).isEqualTo("hello");
    assertThat(received.fds()).hasSize(2);
    posix.send(received.fds().get(0), bytes("through"));
    ByteBuffer through = ByteBuffer.allocate(64);
    posix.receive(received.fds().get(1), through, true);
    assertThat(text(through)).isEqualTo("through");
    received.fds().forEach(posix::close);
  }

  private FdPair keep(FdPair pair) {
    keep(pair.first());
    keep(pair.second());
    return pair;
  }

  private int keep(int fd) {
    open.add(fd);
    return fd;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ByteBuffer filled) {
    return StandardCharsets.UTF_8.decode(filled.flip()).toString();
  }
}
