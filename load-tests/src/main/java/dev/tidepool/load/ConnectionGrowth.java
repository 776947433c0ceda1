package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pool of two workers that hold ever more idle connections, each of which was answered once: how
 * long each took to open, memory of the pool, and the throughput that is left for others.
 */
final class ConnectionGrowth {
  private static final int WORKERS = 2;

  /** Files that this process has open besides. */
  private static final int OTHER_FILES = 100;

  private static final int ANSWER_LIMIT_MILLIS = 30_000;
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+)");
  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: tidepool.test\r\n\r\n".getBytes(ISO_8859_1);

  private final Path distribution;
  private final Duration load;
  private final Duration warmUp;

  ConnectionGrowth(Path distribution, Duration load, Duration warmUp) {
    this.distribution = distribution;
    this.load = load;
    this.warmUp = warmUp;
  }

  void print(List<Integer> counts) throws IOException, InterruptedException {
    var table = new MarkdownTable("held", "µs to open", "PSS MB", "kept req/s");
    var held = new ArrayList<Socket>();
    try (var pool = TestedPool.start(distribution, WORKERS, TestedPool.NO_ARCHIVE)) {
      WarmUp.seconds(
          () -> Load.measure(Wrk::kept, pool.address(), load, List.of(pool.processes())).micros(),
          warmUp);
      for (int count : counts) {
        if (count + OTHER_FILES > openFiles()) {
          String most = "at most %d open files here (ulimit -n)".formatted(openFiles());
          table.row(count, "not measured", most, "");
          continue;
        }
        measure(table, pool, held, count);
      }
      System.out.printf("%n%s", table);
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  private void measure(MarkdownTable table, TestedPool pool, List<Socket> held, int count)
      throws IOException, InterruptedException {
    int more = count - held.size();
    long begin = System.nanoTime();
    while (held.size() < count) {
      try {
        held.add(open(pool.address()));
      } catch (IOException e) {
        throw new IOException("connection " + (held.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    double micros = (System.nanoTime() - begin) / 1e3 / more;
    double megabytes = pool.processes().pssMegabytes();
    table.row(count, micros, megabytes, Wrk.kept(pool.address(), load).rate());
  }

  private static Socket open(InetSocketAddress address) throws IOException {
    var socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
    socket.getOutputStream().write(REQUEST);
    HttpAnswer.read(socket.getInputStream());
    return socket;
  }

  private static long openFiles() throws IOException {
    Matcher limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
    return limit.find() ? Long.parseLong(limit.group(1)) : Long.MAX_VALUE; // unlimited
  }
}
