package dev.tidepool.master;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever connects, in one line, how this host is, as {@code agent-check} of HAProxy wants it
 * (its configuration manual, section 5.2).
 */
final class Agent implements MovableServer.Kind {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final int BACKLOG = 64;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AdminPages.Source source;

  Agent(AdminPages.Source source) {
    this.source = source;
  }

  @Override
  public MovableServer.Running start(InetSocketAddress address) throws IOException {
    var socket = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
    var thread = new Thread(() -> serve(socket), "agent");
    thread.setDaemon(true);
    thread.start();
    return new MovableServer.Running() {
      @Override
      public int port() {
        return socket.getLocalPort();
      }

      @Override
      public void stop() {
        try {
          socket.close();
        } catch (IOException e) {
          log.debug("closing the agent's socket", e);
        }
      }
    };
  }

  private void serve(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        tell(socket.accept());
      } catch (IOException e) {
        if (!socket.isClosed()) {
          log.warn("listen.agent cannot accept: {}", e.getMessage());
          LockSupport.parkNanos(PAUSE_NANOS); // out of descriptors, most likely
        }
      }
    }
  }

  private void tell(Socket client) {
    try (client) {
      String line = source.readiness().agentLine;
      client.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      log.debug("the agent's client was gone", e);
    }
  }
}
