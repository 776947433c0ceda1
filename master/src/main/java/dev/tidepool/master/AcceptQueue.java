package dev.tidepool.master;

import dev.tidepool.conf.ListenAddress;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many connections the kernel dropped because an accept queue was full: TcpExt ListenOverflows
 * and ListenDrops of /proc/net/netstat, counted for the whole network namespace.
 */
record AcceptQueue(long overflows, long drops) {

  static AcceptQueue now() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/net/netstat"));
      for (int i = 0; i + 1 < lines.size(); i += 2) {
        if (lines.get(i).startsWith("TcpExt:")) {
          List<String> names = List.of(lines.get(i).split(" ", -1));
          String[] values = lines.get(i + 1).split(" ", -1);
          return new AcceptQueue(
              Long.parseLong(values[names.indexOf("ListenOverflows")]),
              Long.parseLong(values[names.indexOf("ListenDrops")]));
        }
      }
    } catch (IOException | RuntimeException e) {
      // not told by this kernel: the receipt then says 0
    }
    return new AcceptQueue(0, 0);
  }

  /** Connections that wait to be accepted now; the kernel tells it of TCP addresses only. */
  static int waiting(Posix posix, List<ListeningSockets.Opened> sockets) {
    return sockets.stream()
        .filter(s -> s.address() instanceof ListenAddress.Tcp)
        .mapToInt(s -> posix.waitingConnections(s.fd()))
        .sum();
  }

  AcceptQueue since(AcceptQueue before) {
    return new AcceptQueue(overflows - before.overflows, drops - before.drops);
  }
}
