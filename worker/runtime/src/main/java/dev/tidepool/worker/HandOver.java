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
 *  | version| kind  | peer port | n: 0 4 16| peer addr. | listener, UTF-8, to the end
 * </pre>
 *
 * @param kind what is spoken on the connection ({@link Entrance#kind}); the peer of a Unix socket
 *     has no address
 * @param listener address, as it is bound, that the client connected to
 */
record HandOver(int kind, InetSocketAddress peer, String listener) {
  static final int MAX_BYTES = 1024;
  private static final byte VERSION = 1;
  private static final InetSocketAddress NO_PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static HandOver of(SocketChannel channel, Entrance entrance, String listener) throws IOException {
    return new HandOver(
        entrance.kind(),
        entrance.unix() ? NO_PEER : (InetSocketAddress) channel.getRemoteAddress(),
        listener);
  }

  boolean unix() {
    return Entrance.isUnix(kind);
  }

  ByteBuffer encode() {
    byte[] address = unix() ? new byte[0] : peer.getAddress().getAddress();
    return ByteBuffer.allocate(MAX_BYTES)
        .put(VERSION)
        .put((byte) kind)
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
    int kind = packet.get();
    int port = Short.toUnsignedInt(packet.getShort());
    byte[] address = new byte[Math.min(packet.get(), packet.remaining())];
    packet.get(address);
    String listener = StandardCharsets.UTF_8.decode(packet).toString();
    try {
      InetSocketAddress peer =
          Entrance.isUnix(kind)
              ? NO_PEER
              : new InetSocketAddress(InetAddress.getByAddress(address), port);
      return new HandOver(kind, peer, listener);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("hand-over with an address of " + address.length, e);
    }
  }
}
