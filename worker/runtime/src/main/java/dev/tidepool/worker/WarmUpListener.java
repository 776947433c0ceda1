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

  private final Acceptor acceptor;
  private final Listener.Accepted accepted;
  final SocketAddress address;
  private volatile @Nullable SocketAddress expected;

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
  }

  WarmUpClient connect() throws IOException {
    var socket = new Socket();
    try {
      socket.bind(ANY_PORT);
      expected = socket.getLocalSocketAddress();
      socket.setSoLinger(true, 0); // hundreds would be left in TIME_WAIT
      socket.setTcpNoDelay(true);
      socket.connect(address);
      return new WarmUpClient(socket.getInputStream(), socket.getOutputStream());
    } catch (IOException e) {
      IoUtils.safeClose(socket);
      throw e;
    }
  }

  private void accept(SocketChannel channel, Listener from, XnioIoThread thread) {
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
