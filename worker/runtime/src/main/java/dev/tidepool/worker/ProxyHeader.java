package dev.tidepool.worker;

import dev.tidepool.conf.TrustedPeers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A header of the PROXY protocol, version 1 or 2, as HAProxy's proxy-protocol.txt describes it.
 *
 * @param source the client; null if the proxy speaks for itself (LOCAL), or does not know (UNKNOWN,
 *     AF_UNSPEC, AF_UNIX): then the addresses of the connection hold
 * @param destination what it connected to; null with source
 */
record ProxyHeader(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
  /** A header of version 2 with its extensions (TLV) may be longer in theory: up to 64 KiB. */
  static final int MAX_BYTES = 4096;

  private static final ProxyHeader NOBODY = new ProxyHeader(null, null);
  private static final byte[] VERSION_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION_2 = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int LONGEST_VERSION_1 = 107;
  private static final int FIXED_VERSION_2 = 16;
  private static final int INET = 1;
  private static final int INET6 = 2;

  /**
   * Reads a header that begins at position 0.
   *
   * @return null if there are not enough bytes; else the position is behind the header
   * @throws ProtocolException if it is none; says what it is instead
   */
  static @Nullable ProxyHeader read(ByteBuffer bytes) throws ProtocolException {
    if (begins(bytes, VERSION_1)) {
      return bytes.remaining() < VERSION_1.length ? null : version1(bytes);
    }
    if (begins(bytes, VERSION_2)) {
      return bytes.remaining() < FIXED_VERSION_2 ? null : version2(bytes);
    }
    throw new ProtocolException("begins with no PROXY header");
  }

  private static boolean begins(ByteBuffer bytes, byte[] with) {
    int known = Math.min(bytes.remaining(), with.length);
    return bytes.slice(0, known).equals(ByteBuffer.wrap(with, 0, known));
  }

  private static @Nullable ProxyHeader version1(ByteBuffer bytes) throws ProtocolException {
    int end = 0;
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    if (end >= LONGEST_VERSION_1) {
      throw new ProtocolException("PROXY header of version 1 with more than 107 bytes");
    }
    if (end == bytes.limit()) {
      return null;
    }
    if (bytes.get(end - 1) != '\r') {
      throw new ProtocolException("PROXY header of version 1 that does not end with CR LF");
    }
    byte[] line = new byte[end - 1];
    bytes.get(line);
    bytes.position(end + 1);
    return version1(new String(line, StandardCharsets.ISO_8859_1));
  }

  private static ProxyHeader version1(String line) throws ProtocolException {
    String[] words = line.split(" ", -1);
    if (words[1].equals("UNKNOWN")) {
      return NOBODY; // whatever follows
    }
    if (words.length == 6 && (words[1].equals("TCP4") || words[1].equals("TCP6"))) {
      boolean v6 = words[1].equals("TCP6");
      return new ProxyHeader(address(words[2], words[4], v6), address(words[3], words[5], v6));
    }
    throw new ProtocolException("PROXY header of version 1 with other than TCP4, TCP6, UNKNOWN");
  }

  private static InetSocketAddress address(String host, String port, boolean v6)
      throws ProtocolException {
    InetAddress address = TrustedPeers.address(host).orElse(null);
    if (address == null
        || host.contains(":") != v6
        || !port.matches("0|[1-9]\\d{0,4}")
        || Integer.parseInt(port) > 65_535) {
      throw new ProtocolException("PROXY header of version 1 with a broken address");
    }
    return new InetSocketAddress(address, Integer.parseInt(port));
  }

  private static @Nullable ProxyHeader version2(ByteBuffer bytes) throws ProtocolException {
    int command = bytes.get(12);
    int family = (bytes.get(13) >> 4) & 0xf;
    int length = Short.toUnsignedInt(bytes.getShort(14));
    if (command != 0x20 && command != 0x21) {
      throw new ProtocolException("PROXY header of version 2 with a command other than 0 and 1");
    }
    if (FIXED_VERSION_2 + length > MAX_BYTES) {
      throw new ProtocolException(
          "PROXY header of " + (FIXED_VERSION_2 + length) + " bytes, at most " + MAX_BYTES);
    }
    if (bytes.remaining() < FIXED_VERSION_2 + length) {
      return null;
    }
    byte[] body = new byte[length];
    bytes.position(FIXED_VERSION_2).get(body);
    int size = family == INET ? 4 : family == INET6 ? 16 : 0;
    if (command == 0x20 || size == 0) {
      return NOBODY;
    }
    if (length < 2 * size + 4) {
      throw new ProtocolException("PROXY header of version 2 too short for its addresses");
    }
    return new ProxyHeader(
        address(body, 0, size, 2 * size), address(body, size, size, 2 * size + 2));
  }

  private static InetSocketAddress address(byte[] body, int at, int size, int port) {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(Arrays.copyOfRange(body, at, at + size)),
          ((body[port] & 0xff) << 8) | (body[port + 1] & 0xff));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // 4 or 16 bytes are an address
    }
  }
}
