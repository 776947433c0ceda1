package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.stream.Stream;
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
  void nginxAndHaproxyOverTcp() throws IOException {
    try (var nginx = Front.nginx(server, server.address(), 8);
        var haproxy = Front.haproxy(server)) {
      reloadsBehind(nginx, haproxy);
    }
  }

  @Test
  void nginxOverAUnixSocket() throws IOException {
    var socket = UnixDomainSocketAddress.of(server.directory().root().resolve("web.sock"));
    try (var front = Front.nginx(server, socket, 8)) {
      reloadsBehind(front);
    }
  }

  private void reloadsBehind(Front... fronts) {
    List<Load> loads =
        Stream.of(fronts)
            .map(f -> Load.on(f.address()).keepingConnections(4).newConnections(2).posting(6))
            .toList();
    try {
      loads.forEach(Load::start);
      for (int i = 0; i < RELOADS; i++) {
        Cli.Result reload = server.reload();
        assertThat(reload.exitCode()).as(reload.output()).isZero();
      }
      assertThat(loads).allSatisfy(load -> load.stop().assertNothingLost());
    } finally {
      loads.forEach(Load::close);
    }
  }
}
