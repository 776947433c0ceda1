package dev.tidepool.posix;

import static dev.tidepool.posix.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ListeningTest {
  @RegisterExtension static final DescriptorCount DESCRIPTORS = new DescriptorCount();
  private final Posix posix = Posix.get();
  @TempDir Path directory;

  @Test
  void listensOnIpv4AndTellsThePort() throws IOException {
    int fd = posix.listenTcp(ip(127, 0, 0, 1), 16);
    InetSocketAddress bound = posix.localAddress(fd);

    assertThat(bound.getAddress()).isEqualTo(ip(127, 0, 0, 1).getAddress());
    try (Socket client = new Socket(bound.getAddress(), bound.getPort())) {
      assertThat(client.isConnected()).isTrue();
    }
    posix.close(fd);
  }

  @Test
  void listensOnIpv6Only() throws IOException {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    InetSocketAddress v6 = new InetSocketAddress(InetAddress.getByAddress(loopback), 0);
    assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")));

    int fd = posix.listenTcp(v6, 16);
    InetSocketAddress bound = posix.localAddress(fd);
    int sameForV4 = posix.listenTcp(ip(bound.getPort(), 0, 0, 0, 0), 16);

    assertThat(bound.getAddress()).isEqualTo(v6.getAddress());
    fails(Errno.EADDRINUSE, "bind([0:0:0:0:0:0:0:1]:", () -> posix.listenTcp(bound, 16));
    posix.close(fd);
    posix.close(sameForV4);
  }

  @Test
  void countsTheConnectionsThatNobodyAcceptsYet() throws IOException {
    int fd = posix.listenTcp(ip(127, 0, 0, 1), 16);
    InetSocketAddress bound = posix.localAddress(fd);

    assertThat(posix.waitingConnections(fd)).isZero();
    try (Socket one = new Socket(bound.getAddress(), bound.getPort());
        Socket other = new Socket(bound.getAddress(), bound.getPort())) {
      assertThat(one.isConnected() && other.isConnected()).isTrue();
      assertThat(posix.waitingConnections(fd)).isEqualTo(2);
    }
    posix.close(fd);
    fails(Errno.EBADF, "getsockopt(fd=-1, TCP_INFO)", () -> posix.waitingConnections(-1));
  }

  @Test
  void saysWhichAddressIsInUse() throws IOException {
    int fd = posix.listenTcp(ip(127, 0, 0, 1), 16);
    InetSocketAddress bound = posix.localAddress(fd);

    fails(
        Errno.EADDRINUSE,
        "bind(127.0.0.1:" + bound.getPort() + ") failed: Address already in use",
        () -> posix.listenTcp(bound, 16));
    posix.close(fd);
  }

  @Test
  void refusesAddressesOfOthers() {
    fails(
        Errno.EADDRNOTAVAIL,
        "bind(192.0.2.1:0) failed: Cannot assign requested address",
        () -> posix.listenTcp(ip(192, 0, 2, 1), 16));
    fails(
        Errno.EADDRNOTAVAIL,
        "bind(no.such.host.invalid:80) failed: unknown host",
        () -> posix.listenTcp(InetSocketAddress.createUnresolved("no.such.host.invalid", 80), 16));
  }

  @Test
  void refusesPrivilegedPortsToUsers() {
    assumeTrue(posix.userId() != 0, "root may");
    fails(Errno.EACCES, "bind(127.0.0.1:1)", () -> posix.listenTcp(ip(1, 127, 0, 0, 1), 16));
  }

  @Test
  void listensOnAPathWithItsMode() throws IOException {
    Path path = directory.resolve("a.sock");
    assertThat(posix.answers(path)).isFalse();

    int fd = posix.listenUnix(path, 0660, 1);

    assertThat(posix.answers(path)).isTrue();
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    fails(Errno.EADDRINUSE, "bind(unix:" + path + ")", () -> posix.listenUnix(path, 0660, 1));
    fails(Errno.EAFNOSUPPORT, "is no TCP socket", () -> posix.localAddress(fd));

    posix.close(fd);
    assertThat(posix.answers(path)).isFalse();
    fails(Errno.ECONNREFUSED, "connect(unix:" + path + ")", () -> posix.connectUnix(path));
  }

  @Test
  void answersAlsoWhenTheQueueIsFull() {
    Path path = directory.resolve("full.sock");
    int fd = posix.listenUnix(path, 0600, 0);
    int waiting = posix.connectUnix(path);

    assertThat(posix.answers(path)).isTrue();

    posix.close(waiting);
    posix.close(fd);
  }

  @Test
  void namesPathsThatCannotBe() {
    Path missing = directory.resolve("none/a.sock");
    fails(Errno.ENOENT, "bind(unix:" + missing, () -> posix.listenUnix(missing, 0600, 1));
    Path tooLong = Path.of("/tmp/" + "x".repeat(120));
    fails(
        Errno.ENAMETOOLONG,
        "has 125 bytes, a Unix socket's path may have 107",
        () -> posix.listenUnix(tooLong, 0600, 1));
    fails(Errno.ENOENT, "connect(unix:", () -> posix.connectUnix(missing));
  }

  @Test
  void wakesExclusivelyAndTheSelectorStillFindsItsKey() throws Exception {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(ip(127, 0, 0, 1));
      server.configureBlocking(false);
      SelectionKey key = server.register(selector, SelectionKey.OP_ACCEPT);
      selector.selectNow(); // now it is in the epoll

      posix.wakeExclusively(field(selector, "epfd"), field(server, "fdVal"));

      assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + field(selector, "epfd"))))
          .containsPattern("tfd: +" + field(server, "fdVal") + " events: 10000019 ");
      InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
      try (Socket client = new Socket(bound.getAddress(), bound.getPort())) {
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        server.accept().close();
        assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void wakesExclusivelyOnlyWhatIsThere() throws Exception {
    try (Selector selector = Selector.open()) {
      int epoll = field(selector, "epfd");
      int fd = posix.listenTcp(ip(127, 0, 0, 1), 16);
      fails(Errno.ENOENT, "DEL, fd=" + fd, () -> posix.wakeExclusively(epoll, fd));
      posix.close(fd);
    }
  }

  @Test
  void disconnectsAPairAndNoOther() {
    Posix.FdPair pair = posix.streamPair();
    posix.disconnect(pair.first());
    assertThat(posix.receive(pair.second(), ByteBuffer.allocate(1), true))
        .hasValueSatisfying(r -> assertThat(r.bytes()).isZero());
    posix.close(pair.first());
    posix.close(pair.second());
    int none = -1; // the number of one just closed may be another thread's by now
    fails(Errno.EBADF, "shutdown(fd=-1)", () -> posix.disconnect(none));
    fails(Errno.EBADF, "close(fd=-1)", () -> posix.close(none));
  }

  private static InetSocketAddress ip(int a, int b, int c, int d) {
    return ip(0, a, b, c, d);
  }

  private static InetSocketAddress ip(int port, int a, int b, int c, int d) {
    try {
      byte[] bytes = {(byte) a, (byte) b, (byte) c, (byte) d};
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int field(Object of, String name) throws ReflectiveOperationException {
    var field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.getInt(of);
  }
}
