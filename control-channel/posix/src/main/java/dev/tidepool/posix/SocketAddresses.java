package dev.tidepool.posix;

import com.sun.jna.Native;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Addresses as the kernel wants them; ip(7), ipv6(7), unix(7). The family is in native order, port
 * and address in network order.
 *
 * <pre>
 *  0        2      4          8                24      28
 *  | family | port | v4 address |                                sockaddr_in, 16 bytes
 *  | family | port | flow info | v6 address     | scope |        sockaddr_in6, 28 bytes
 *  | family | path, closed by a zero byte ...                    sockaddr_un, at most 110 bytes
 * </pre>
 */
final class SocketAddresses {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int MAX_LENGTH = 110;

  private SocketAddresses() {}

  static int family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address ? AF_INET : AF_INET6;
  }

  static byte[] encode(InetSocketAddress address) {
    boolean v4 = family(address) == AF_INET;
    var bytes = ByteBuffer.allocate(v4 ? 16 : 28);
    putFamily(bytes, family(address));
    bytes.putShort((short) address.getPort());
    if (!v4) {
      bytes.putInt(0);
    }
    bytes.put(address.getAddress().getAddress());
    return bytes.array();
  }

  static byte[] encode(Path path) {
    byte[] name = Native.toByteArray(path.toString()); // ends with a zero byte
    if (name.length - 1 > Posix.MAX_SOCKET_PATH_BYTES) {
      throw new PosixException(
          "unix:%s has %d bytes, a Unix socket's path may have %d"
              .formatted(path, name.length - 1, Posix.MAX_SOCKET_PATH_BYTES),
          Errno.ENAMETOOLONG);
    }
    var bytes = ByteBuffer.allocate(2 + name.length);
    putFamily(bytes, AF_UNIX);
    return bytes.put(name).array();
  }

  /** Reads what getsockname(2) wrote for {@code fd}. */
  static InetSocketAddress decode(int fd, byte[] address) {
    var bytes = ByteBuffer.wrap(address);
    int family = bytes.order(ByteOrder.nativeOrder()).getShort();
    int port = Short.toUnsignedInt(bytes.order(ByteOrder.BIG_ENDIAN).getShort());
    byte[] ip;
    switch (family) {
      case AF_INET -> ip = new byte[4];
      case AF_INET6 -> {
        ip = new byte[16];
        bytes.getInt();
      }
      default ->
          throw new PosixException(
              "fd " + fd + " is no TCP socket: its address family is " + family,
              Errno.EAFNOSUPPORT);
    }
    bytes.get(ip);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(ip), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  /** {@code 127.0.0.1:8080} or {@code [::1]:8080}. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static void putFamily(ByteBuffer bytes, int family) {
    bytes.order(ByteOrder.nativeOrder()).putShort((short) family).order(ByteOrder.BIG_ENDIAN);
  }
}
