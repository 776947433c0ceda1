package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Listening sockets: each kind of address, and that their queues outlive everything. */
final class SocketsIT {
  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig().notStarted();

  @Test
  void everyKindOfAddress() throws IOException {
    Path path = server.directory().root().resolve("web.sock");
    server.configure(
        "listen.http = [\"127.0.0.1:0\", \"[::1]:0\", \"unix:" + path + "\"]",
        "listen.unix-mode = \"0600\"",
        "workers.io-threads = 2");
    server.start();
    for (String address : server.status().http()) {
      var at = address.startsWith("unix:") ? UnixDomainSocketAddress.of(path) : Status.tcp(address);
      for (int i = 0; i < 4; i++) {
        assertThat(TidepoolServer.request(at, "GET", "/hello").status()).isEqualTo(200);
      }
    }
    assertThat(server.status().http()).hasSize(3);
    assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
  }

  @Test
  void unixPathLeftByADeadServer() throws IOException {
    Path path = server.directory().root().resolve("stale.sock");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    server.configure("listen.http = [\"127.0.0.1:0\", \"unix:" + path + "\"]");
    server.start();
    assertThat(TidepoolServer.request(UnixDomainSocketAddress.of(path), "GET", "/hello").status())
        .isEqualTo(200);
  }

  @Test
  void theAcceptQueueIsNeverClosed() throws IOException {
    server.start();
    int port = server.address().getPort();
    try (var watch = ListenWatch.on(port);
        var trace = Strace.attach(server)) {
      assertThat(server.reload().exitCode()).isZero();
      server.signal(server.pids().get(0), Signal.KILL);
      server.awaitServing(2);
      server.cli("scale", "1");
      server.awaitServing(1);
      assertThat(TidepoolServer.request(server.address(), "GET", "/hello").status()).isEqualTo(200);
      assertThat(watch.sockets()).as("looked %d times", watch.looks()).hasSize(1);
      assertThat(trace.stop())
          .as("calls on the listening socket")
          .noneMatch(call -> call.contains("TCP:[127.0.0.1:" + port + "]"));
    }
  }
}
