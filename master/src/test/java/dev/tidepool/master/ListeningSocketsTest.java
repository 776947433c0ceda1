package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.conf.ListenAddress;
import dev.tidepool.conf.ListenSettings;
import dev.tidepool.conf.ListenerSettings;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets. */
class ListeningSocketsTest {
  private final Posix posix = Posix.get();
  private final ListeningSockets sockets = new ListeningSockets(posix);
  @TempDir private Path directory;

  @AfterEach
  void close() {
    sockets.closeAll();
  }

  private static ListenSettings on(ListenAddress... addresses) {
    return new ListenSettings(
        Stream.of(addresses).map(ListenerSettings::plain).toList(),
        Optional.empty(),
        Optional.empty(),
        64,
        0600);
  }

  private static ListenAddress tcp(int port) {
    return new ListenAddress.Tcp("127.0.0.1", port);
  }

  @Test
  void anAddressThatStaysConfiguredKeepsItsSocket() throws StartFailure {
    ListeningSockets.Opened first = sockets.open(on(tcp(0))).get(0);
    List<ListeningSockets.Opened> both = sockets.open(on(tcp(0), new ListenAddress.Tcp("::1", 0)));
    assertThat(both.get(0)).isEqualTo(first);
    assertThat(both.get(1).bound()).startsWith("[::1]:");
    assertThat(first.bound()).isNotEqualTo("127.0.0.1:0");
  }

  @Test
  void oneThatFailsLeavesNoneOfItsCallOpen() throws IOException {
    int before = posix.openDescriptors();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> sockets.open(on(tcp(0), tcp(taken.getLocalPort()))))
          .hasMessageContainingAll(
              "cannot listen on 127.0.0.1:" + taken.getLocalPort(), "address in use");
    }
    assertThat(posix.openDescriptors()).isEqualTo(before);
  }

  @Test
  void addressesOfOthersAreNamed() {
    assertThatThrownBy(() -> sockets.open(on(new ListenAddress.Tcp("192.0.2.1", 0))))
        .hasMessageContaining("no such address");
    assertThatThrownBy(() -> sockets.open(on(new ListenAddress.Tcp("no-such-host.invalid", 0))))
        .hasMessageContaining("unknown host");
  }

  @Test
  void aStaleUnixSocketIsReplacedAndALiveOneIsNot() throws Exception {
    Path path = directory.resolve("http.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    sockets.open(on(new ListenAddress.Unix(path)));
    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
    ListeningSockets others = new ListeningSockets(posix);
    assertThatThrownBy(() -> others.open(on(new ListenAddress.Unix(path))))
        .hasMessageContaining("another server answers");
    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
  }

  @Test
  void aFileThatIsNoSocketIsNotTouched() throws IOException {
    Path path = Files.writeString(directory.resolve("notes"), "precious");
    assertThatThrownBy(() -> sockets.open(on(new ListenAddress.Unix(path))))
        .hasMessageContaining("not a socket");
    assertThat(path).hasContent("precious");
  }
}
