package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reloads behind real proxies that keep connections and post: their clients see no error. */
@Timeout(600)
final class ProxyIT {
  private static final int RELOADS = 10;

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig(
          "listen.http = [\"127.0.0.1:0\", \"unix:@DIR@/web.sock\"]", "drain.idle-window = 2 s");

  @Test
  void nginxOverTcp() throws IOException {
    try (var front = Front.nginx(server, server.address(), 8)) {
      reloadsBehind(front);
    }
  }

  @Test
  void nginxOverAUnixSocket() throws IOException {
    var socket = UnixDomainSocketAddress.of(server.directory().root().resolve("web.sock"));
    try (var front = Front.nginx(server, socket, 8)) {
      reloadsBehind(front);
    }
  }

  @Test
  void haproxy() throws IOException {
    try (var front = Front.haproxy(server)) {
      reloadsBehind(front);
    }
  }

  private void reloadsBehind(Front front) {
    var load = Load.on(front.address()).keepingConnections(4).newConnections(2).posting(6);
    try (load) {
      load.start();
      for (int i = 0; i < RELOADS; i++) {
        Cli.Result reload = server.reload();
        assertThat(reload.exitCode()).as(reload.output()).isZero();
      }
      load.stop().assertNothingLost();
    }
  }
}
