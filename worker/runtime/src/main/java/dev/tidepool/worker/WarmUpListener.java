package dev.tidepool.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.IntFunction;
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

  private final Listener listener;
  private final List<XnioIoThread> threads;
  private final Listener.Accepted accepted;
  final SocketAddress address;
  private volatile @Nullable SocketAddress expected;

  /**
   * Accepts on all {@code threads} from now on.
   *
   * @param maker of a listener for a duplicate of a descriptor
   * @param accepted what happens to the connections
   */
  WarmUpListener(
      IntFunction<Listener> maker, List<XnioIoThread> threads, Listener.Accepted accepted)
      throws IOException {
    this.threads = threads;
    this.accepted = accepted;
    try (var socket = ServerSocketChannel.open().bind(ANY_PORT)) {
      address = socket.getLocalAddress();
      listener = maker.apply(Descriptors.number(socket));
    }
    listener.start(threads, this::accept, WarmUpListener::failed).join();
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

  private static void failed(IOException failure) {
    throw new UncheckedIOException(failure);
  }

  @Override
  public void close() {
    listener.stop(threads).join();
    listener.close();
  }
}
