package dev.tidepool.master;

import dev.tidepool.conf.ListenAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server of the master's own, at an address that a reload may change. */
final class MovableServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MovableServer.class);

  /** What is served, at any address. */
  interface Kind {
    Running start(InetSocketAddress address) throws IOException;
  }

  /** The same at one address. */
  interface Running {
    int port();

    void stop();
  }

  private final String key;
  private final Kind kind;
  private @Nullable Running running;
  private ListenAddress.@Nullable Tcp wanted;

  /** {@code key}: the setting with the address, for messages. */
  MovableServer(String key, Kind kind) {
    this.key = key;
    this.kind = kind;
  }

  /** The address with its port, or null if there is none. */
  synchronized @Nullable String address() {
    return running == null || wanted == null
        ? null
        : new ListenAddress.Tcp(wanted.host(), running.port()).toString();
  }

  /**
   * Opens the first address.
   *
   * @throws StartFailure one line: which address, and why not
   */
  synchronized void open(Optional<ListenAddress> address) throws StartFailure {
    if (address.isEmpty()) {
      return;
    }
    if (!(address.get() instanceof ListenAddress.Tcp tcp)) {
      throw new StartFailure(
          ExitCode.CONFIGURATION, key + "=" + address.get() + ": expected host:port or off");
    }
    try {
      running = start(tcp);
      wanted = tcp;
      log.info("listens on {} ({})", address(), key);
    } catch (IOException e) {
      throw new StartFailure(
          ExitCode.REFUSED, "cannot listen on " + key + "=" + tcp + ": " + e.getMessage());
    }
  }

  private Running start(ListenAddress.Tcp address) throws IOException {
    var socket = new InetSocketAddress(address.host(), address.port());
    if (socket.isUnresolved()) {
      throw new IOException("unknown host \"" + address.host() + "\"");
    }
    return kind.start(socket);
  }

  /** Moves to another address after a reload; if that fails, stays where it is and says so. */
  synchronized void listen(Optional<ListenAddress> address) {
    if (address.equals(Optional.ofNullable(wanted))) {
      return;
    }
    Running old = running;
    String before = address();
    running = null;
    try {
      open(address);
      if (address.isEmpty()) {
        wanted = null;
      }
      if (old != null) {
        old.stop();
        log.info("no longer listens on {} ({})", before, key);
      }
    } catch (StartFailure e) {
      running = old;
      log.error(
          "{}; {}", e.getMessage(), wanted == null ? "there is none" : "staying on " + wanted);
    }
  }

  @Override
  public synchronized void close() {
    if (running != null) {
      running.stop();
      running = null;
    }
  }
}
