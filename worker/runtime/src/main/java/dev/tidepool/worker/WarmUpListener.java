package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;

/**
 * A listening socket on loopback for the warm-up: what happens to a new connection has to be warm,
 * too, for each client opens one when a generation takes over. Others that connect are cut.
 */
final class WarmUpListener implements AutoCloseable {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final int CONNECT_LIMIT_MILLIS = 5_000;

  private final Acceptor acceptor;
  private final Listener.Accepted accepted;
  final SocketAddress address;
  private @Nullable SocketAddress expected;

  /**
   * Accepts from now on.
   *
   * @param maker of what accepts for this listener
   * @param accepted what happens to the connections
   */
  WarmUpListener(
      Function<Listener.Accepted, Acceptor> maker, Posix posix, Listener.Accepted accepted)
      throws IOException {
    this.accepted = accepted;
    try (var socket = ServerSocketChannel.open().bind(ANY_PORT)) {
      address = socket.getLocalAddress();
      acceptor = maker.apply(this::accept);
      acceptor
          .add("warm-up", Entrance.plain(false), posix.duplicate(Descriptors.number(socket)))
          .join();
    }
    acceptor.start().join();
    try {
      connect().close(); // a namespace without loopback lets us bind, and not connect
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * The kernel chooses the port as it connects: a port to bind to must be free for all peers, and
   * behind a proxy on this host all may be in TIME_WAIT.
   */
  synchronized WarmUpClient connect() throws IOException {
    var socket = new Socket();
    try {
      socket.setSoLinger(true, 0); // hundreds would be left in TIME_WAIT
      socket.setTcpNoDelay(true);
      socket.connect(address, CONNECT_LIMIT_MILLIS);
      expected = socket.getLocalSocketAddress();
      return new WarmUpClient(socket.getInputStream(), socket.getOutputStream());
    } catch (IOException e) {
      IoUtils.safeClose(socket);
      throw e;
    }
  }

  /** May come while {@link #connect} is not through. */
  private synchronized void accept(SocketChannel channel, Listener from, XnioIoThread thread) {
    try {
      if (channel.getRemoteAddress().equals(expected)) {
        accepted.accept(channel, from, thread);
        return;
      }
    } catch (IOException e) {
      // gone already
    }
    IoUtils.safeClose(channel);
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
