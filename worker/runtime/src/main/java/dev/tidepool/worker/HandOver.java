package dev.tidepool.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * What a worker says of a connection that it gives to a sibling: one packet, with the connection's
 * descriptor attached.
 *
 * <pre>
 *  0        1       2           4          5            5+n
 *  | version| flags | peer port | n: 0 4 16| peer addr. | listener, UTF-8, to the end
 * </pre>
 *
 * Flag 1: a Unix socket, whose peer has no address.
 *
 * @param listener address, as the configuration spells it, that the client connected to
 */
record HandOver(boolean unix, InetSocketAddress peer, String listener) {
  static final int MAX_BYTES = 1024;
  private static final byte VERSION = 1;
  private static final InetSocketAddress NO_PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static HandOver of(SocketChannel channel, boolean unix, String listener) throws IOException {
    return new HandOver(
        unix, unix ? NO_PEER : (InetSocketAddress) channel.getRemoteAddress(), listener);
  }

  ByteBuffer encode() {
    byte[] address = unix ? new byte[0] : peer.getAddress().getAddress();
    return ByteBuffer.allocate(MAX_BYTES)
        .put(VERSION)
        .put((byte) (unix ? 1 : 0))
        .putShort((short) peer.getPort())
        .put((byte) address.length)
        .put(address)
        .put(listener.getBytes(StandardCharsets.UTF_8))
        .flip();
  }

  /**
   * @throws IllegalArgumentException if this is no packet of ours; it names what is wrong
   */
  static HandOver decode(ByteBuffer packet) {
    int bytes = packet.remaining();
    if (bytes < 5 || packet.get() != VERSION) {
      throw new IllegalArgumentException(
          "hand-over of " + bytes + " bytes, expected version " + VERSION + " and 5 bytes or more");
    }
    boolean unix = (packet.get() & 1) != 0;
    int port = Short.toUnsignedInt(packet.getShort());
    byte[] address = new byte[Math.min(packet.get(), packet.remaining())];
    packet.get(address);
    String listener = StandardCharsets.UTF_8.decode(packet).toString();
    try {
      InetSocketAddress peer =
          unix ? NO_PEER : new InetSocketAddress(InetAddress.getByAddress(address), port);
      return new HandOver(unix, peer, listener);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("hand-over with an address of " + address.length, e);
    }
  }
}
