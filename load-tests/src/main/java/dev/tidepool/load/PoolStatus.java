package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a pool's admin page again and again, on one connection, every 2 to 3 ms. */
final class PoolStatus implements AutoCloseable {
  private static final Pattern OBJECT = Pattern.compile("\\{[^{}]*\"pid\":(\\d+)[^{}]*\\}");
  private static final byte[] REQUEST =
      "GET /-/status HTTP/1.1\r\nHost: tidepool.test\r\n\r\n".getBytes(ISO_8859_1);
  private static final long PAUSE_NANOS = 2_000_000; // who asks takes the master's processors
  private static final long LIMIT_NANOS = 120_000_000_000L;

  private final InetSocketAddress admin;
  private Socket socket;
  private InputStream in;

  PoolStatus(InetSocketAddress admin) throws IOException {
    this.admin = admin;
    connect();
  }

  private void connect() throws IOException {
    socket = new Socket(admin.getAddress(), admin.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Pids of the workers that serve in a place of the pool. */
  List<Integer> serving() throws IOException {
    List<Integer> pids = new ArrayList<>();
    Matcher worker = OBJECT.matcher(ask());
    while (worker.find()) {
      String object = worker.group();
      if (object.contains("\"role\":\"slot\"") && object.contains("\"state\":\"serving\"")) {
        pids.add(Integer.parseInt(worker.group(1)));
      }
    }
    return pids;
  }

  /** Asks until the serving workers are as wanted; answers when they were, as System.nanoTime(). */
  long await(Predicate<List<Integer>> wanted) throws IOException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (System.nanoTime() - deadline < 0) {
      if (wanted.test(serving())) {
        return System.nanoTime();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new IOException("the pool did not come to the wanted state within 2 minutes");
  }

  /** Kills one of {@code workers}; answers how long it took until another served in its place. */
  long respawnNanos(int workers) throws IOException, InterruptedException {
    int victim = serving().get(0);
    long begin = System.nanoTime();
    RecoveryBenchmark.kill(victim);
    return await(pids -> pids.size() == workers && !pids.contains(victim)) - begin;
  }

  /** True once a spare waits. */
  boolean hasSpare() throws IOException {
    Matcher worker = OBJECT.matcher(ask());
    while (worker.find()) {
      String object = worker.group();
      if (object.contains("\"role\":\"spare\"") && object.contains("\"state\":\"standby\"")) {
        return true;
      }
    }
    return false;
  }

  private String ask() throws IOException {
    try {
      return exchange();
    } catch (IOException e) {
      connect(); // the page may close a connection between two requests
      return exchange();
    }
  }

  private String exchange() throws IOException {
    socket.getOutputStream().write(REQUEST);
    return HttpAnswer.read(in).body();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
