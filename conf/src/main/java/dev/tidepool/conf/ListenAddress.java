package dev.tidepool.conf;

import java.nio.file.Path;

/** One address to listen on. {@code toString()} is what the user wrote and what messages name. */
public sealed interface ListenAddress {

  /**
   * {@code host:port} or {@code [v6]:port}; {@code host} without brackets, {@code port} 0 to 65535.
   */
  record Tcp(String host, int port) implements ListenAddress {
    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** {@code unix:/path}, at most 107 bytes of path: see unix(7). */
  record Unix(Path path) implements ListenAddress {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }
}
