package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of a worker to itself, through a real socket and the whole chain of handlers, one after
 * the other. They are marked, and counted nowhere.
 */
final class SelfRequests implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SelfRequests.class);
  private static final InetSocketAddress SELF =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final HttpFront front;
  private final Posix posix;
  private @Nullable WarmUpClient client;

  SelfRequests(HttpFront front, Posix posix) {
    this.front = front;
    this.posix = posix;
  }

  /**
   * Waits for the whole answer; there is no limit.
   *
   * @return the status code
   * @throws IOException if the answer is broken
   */
  int get(OwnRequest request) throws IOException {
    try {
      WarmUpClient connected = connect();
      int status = connected.get(request);
      if (connected.isClosed()) {
        close();
      }
      return status;
    } catch (IOException | NumberFormatException e) {
      close();
      throw new IOException("broken answer: " + Causes.describe(e), e);
    }
  }

  private WarmUpClient connect() throws IOException {
    WarmUpClient connected = client;
    if (connected == null) {
      Posix.FdPair pair = posix.streamPair();
      connected = new WarmUpClient(pair.first());
      SocketChannel channel = Descriptors.connected(pair.second(), SELF);
      front.open(channel, Entrance.plain(true), true, front.threads.get(0));
      client = connected;
    }
    return connected;
  }

  @Override
  public void close() {
    WarmUpClient connected = client;
    client = null;
    try {
      if (connected != null) {
        connected.close();
      }
    } catch (IOException e) {
      log.debug("closing a connection to itself", e);
    }
  }
}
