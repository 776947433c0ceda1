package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sandbox without any network, where a proxy comes by a Unix socket. */
final class NoLoopbackIT {
  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("listen.http = \"unix:@DIR@/web.sock\"", "listen.admin = off")
          .launchedBy("unshare", "--net", "--fork");

  @Test
  void itServesReloadsAndSaysWhatItCannotWarmUp() throws IOException {
    assertThat(server.log()).contains("warm-up without accepting: no socket on loopback: ");
    assertThat(hello()).startsWith("HTTP/1.1 200 OK\r\n");
    server.signalMaster(Signal.HUP);
    server.awaitLog("generation 2 serves after");
    assertThat(hello()).startsWith("HTTP/1.1 200 OK\r\n");
  }

  private String hello() throws IOException {
    var address = UnixDomainSocketAddress.of(server.directory().root().resolve("web.sock"));
    try (SocketChannel socket = SocketChannel.open(address)) {
      String request = "GET /hello HTTP/1.1\r\nHost: tidepool.test\r\nConnection: close\r\n\r\n";
      socket.write(StandardCharsets.ISO_8859_1.encode(request));
      byte[] answer = Channels.newInputStream(socket).readAllBytes();
      return new String(answer, StandardCharsets.ISO_8859_1);
    }
  }
}
