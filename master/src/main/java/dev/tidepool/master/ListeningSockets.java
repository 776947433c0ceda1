package dev.tidepool.master;

import dev.tidepool.conf.ListenAddress;
import dev.tidepool.conf.ListenSettings;
import dev.tidepool.conf.ListenerSettings;
import dev.tidepool.posix.Errno;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening sockets, one per address, open for as long as they are configured. */
final class ListeningSockets {
  private static final Logger log = LoggerFactory.getLogger(ListeningSockets.class);

  private final Posix posix;
  private final Map<Place, Opened> open = new LinkedHashMap<>();

  ListeningSockets(Posix posix) {
    this.posix = posix;
  }

  /** An open address; {@code bound} names it with the port that the kernel chose. */
  record Opened(ListenAddress address, int fd, String bound) {}

  /**
   * What a socket is kept for over reloads: its address, whatever is spoken there. With port 0 it
   * is the how manieth of its kind, for each is to have another port.
   */
  private record Place(ListenAddress address, boolean tls, int number) {
    static Place of(ListenerSettings listener, Collection<Place> before) {
      if (!(listener.address() instanceof ListenAddress.Tcp tcp) || tcp.port() != 0) {
        return new Place(listener.address(), false, 0);
      }
      Place place = new Place(tcp, listener.tls(), 0);
      while (before.contains(place)) {
        place = new Place(tcp, listener.tls(), place.number + 1);
      }
      return place;
    }
  }

  /**
   * Opens the addresses that are not open yet. If one fails, those opened by this call are closed.
   * Returns one for each listener of the settings, in their order.
   *
   * @throws StartFailure one line: which address, why, and what to do
   */
  synchronized List<Opened> open(ListenSettings settings) throws StartFailure {
    Map<Place, Opened> wanted = new LinkedHashMap<>();
    List<Opened> added = new ArrayList<>();
    try {
      for (ListenerSettings listener : settings.listeners()) {
        Place place = Place.of(listener, wanted.keySet());
        Opened opened = open.get(place);
        if (opened == null) {
          opened = listen(listener.address(), settings);
          added.add(opened);
          log.info("listens on {} ({})", opened.bound(), listener.tls() ? "https" : "http");
          open.put(place, opened);
        }
        wanted.put(place, opened);
      }
      return List.copyOf(wanted.values());
    } catch (StartFailure e) {
      added.forEach(this::giveUp);
      throw e;
    }
  }

  /** Closes the addresses that none of these generations serves. */
  synchronized void closeUnused(Collection<Generation> inUse) {
    List<Opened> unused =
        open.values().stream()
            .filter(o -> inUse.stream().noneMatch(g -> g.sockets().contains(o)))
            .toList();
    unused.forEach(this::giveUp);
  }

  synchronized void closeAll() {
    List.copyOf(open.values()).forEach(this::close);
  }

  private void giveUp(Opened opened) {
    close(opened);
    log.info("no longer listens on {}", opened.bound());
  }

  private void close(Opened opened) {
    open.values().remove(opened);
    posix.close(opened.fd());
    if (opened.address() instanceof ListenAddress.Unix unix) {
      try {
        Files.deleteIfExists(unix.path());
      } catch (IOException e) {
        // a socket file that stays is found to be stale by the next start
      }
    }
  }

  private Opened listen(ListenAddress address, ListenSettings settings) throws StartFailure {
    if (address instanceof ListenAddress.Unix unix) {
      return listenUnix(unix, settings);
    }
    return listenTcp((ListenAddress.Tcp) address, settings.backlog());
  }

  private Opened listenTcp(ListenAddress.Tcp address, int backlog) throws StartFailure {
    try {
      InetAddress host = InetAddress.getByName(address.host());
      int fd = posix.listenTcp(new InetSocketAddress(host, address.port()), backlog);
      int port = posix.localAddress(fd).getPort();
      return new Opened(address, fd, new ListenAddress.Tcp(address.host(), port).toString());
    } catch (UnknownHostException e) {
      throw refused(address, "unknown host \"" + address.host() + "\"");
    } catch (PosixException e) {
      throw refused(
          address,
          switch (e.errno()) {
            case Errno.EADDRINUSE ->
                "address in use; is another server, or a pool whose master "
                    + "died, on it? `ss -ltnp` tells";
            case Errno.EACCES -> "not allowed; ports below 1024 need root or CAP_NET_BIND_SERVICE";
            case Errno.EADDRNOTAVAIL -> "this machine has no such address";
            default -> String.valueOf(e.getMessage());
          });
    }
  }

  private Opened listenUnix(ListenAddress.Unix address, ListenSettings settings)
      throws StartFailure {
    Path path = address.path();
    try {
      removeStale(address);
      int fd = posix.listenUnix(path, settings.unixMode(), settings.backlog());
      return new Opened(address, fd, address.toString());
    } catch (PosixException e) {
      throw refused(
          address,
          switch (e.errno()) {
            case Errno.EACCES -> "not allowed to create the socket file";
            case Errno.ENOENT -> "directory " + path.getParent() + " does not exist";
            default -> String.valueOf(e.getMessage());
          });
    } catch (IOException e) {
      throw refused(address, RunDir.reason(e));
    }
  }

  /**
   * A socket file that nobody answers on is left from a dead process; anything else is not ours.
   */
  private void removeStale(ListenAddress.Unix address) throws StartFailure, IOException {
    Path path = address.path();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean socket =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther();
    if (!socket) {
      throw refused(address, "the file exists and is not a socket");
    }
    if (posix.answers(path)) {
      throw refused(address, "address in use; another server answers on it");
    }
    Files.delete(path);
  }

  private static StartFailure refused(ListenAddress address, String reason) {
    return new StartFailure(ExitCode.REFUSED, "cannot listen on " + address + ": " + reason);
  }
}
