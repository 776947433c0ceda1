package dev.tidepool.worker;

import dev.tidepool.conf.TrustedPeers;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How connections of one listener are served.
 *
 * @param unix a Unix socket: the addresses of its connections are meaningless
 * @param proxies peers whose connections begin with a PROXY header
 */
record Entrance(boolean unix, boolean h2c, @Nullable Tls tls, TrustedPeers proxies) {
  private static final int UNIX = 1;
  private static final int TLS = 2;
  private static final int H2C = 4;
  private static final int PROXY = 8;

  /** What is spoken there, as a number, for siblings to compare. */
  int kind() {
    return (unix ? UNIX : 0)
        | (tls != null ? TLS : 0)
        | (h2c ? H2C : 0)
        | (proxies.areNone() ? 0 : PROXY);
  }

  static boolean isUnix(int kind) {
    return (kind & UNIX) != 0;
  }

  /** Nothing but HTTP/1.1. */
  static boolean isPlain(int kind) {
    return (kind & ~UNIX) == 0;
  }

  static Entrance plain(boolean unix) {
    return new Entrance(unix, false, null, TrustedPeers.NONE);
  }

  boolean expectsProxyHeader(InetSocketAddress peer) {
    return unix ? proxies.unix() : proxies.contains(peer.getAddress());
  }
}
