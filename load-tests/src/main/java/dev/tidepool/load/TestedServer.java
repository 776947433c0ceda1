package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A contender that runs, on a port and in a directory of its own, and answers. */
final class TestedServer implements AutoCloseable {
  private static final long START_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final int STOP_LIMIT_SECONDS = 30;
  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: tidepool.test\r\n\r\n".getBytes(ISO_8859_1);

  private final Contender contender;
  private final InetSocketAddress address = loopback();
  private final InetSocketAddress admin = loopback();
  private final Path log;
  private final Process process;
  private final Thread stop;
  private final double startMillis;

  private TestedServer(Contender contender, Workplace at) throws IOException, InterruptedException {
    this.contender = contender;
    Path directory = Files.createTempDirectory(at.scratch(), contender.name());
    log = directory.resolve("log.txt");
    if (contender == Contender.NGINX) {
      String hello = "return 200 \"Hello from Tidepool, pid=4711\\n\";";
      Files.writeString(
          directory.resolve("nginx.conf"),
          Nginx.configuration(address.getPort(), Contender.IO_THREADS, hello, ""));
    } else if (contender.onlyIfAsked()) {
      Wsgi.writeApp(directory);
    }
    var builder =
        new ProcessBuilder(contender.command(at, directory, address.getPort(), admin.getPort()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    if (contender.tuned()) {
      builder.environment().put("MALLOC_ARENA_MAX", "1"); // as workers have it
    }
    long begin = System.nanoTime();
    process = builder.start();
    stop = new Thread(process::destroy, "stop " + contender);
    Runtime.getRuntime().addShutdownHook(stop);
    awaitAnswer(begin);
    startMillis = (System.nanoTime() - begin) / 1e6;
  }

  /** Starts it, and waits until it answers; a pool, until all of its workers serve. */
  static TestedServer start(Contender contender, Workplace at)
      throws IOException, InterruptedException {
    var server = new TestedServer(contender, at);
    if (contender.isTidepool()) {
      try (var status = new PoolStatus(server.admin)) {
        status.await(pids -> pids.size() == contender.workers);
      }
    }
    return server;
  }

  private static InetSocketAddress loopback() throws IOException {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Workplace.freePort());
  }

  private void awaitAnswer(long begin) throws IOException, InterruptedException {
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT_NANOS) {
        close();
        throw new IOException(contender.title + " does not start:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private boolean answers() {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      socket.getOutputStream().write(REQUEST);
      return HttpAnswer.read(new BufferedInputStream(socket.getInputStream()))
          .body()
          .startsWith("Hello");
    } catch (IOException e) {
      return false;
    }
  }

  Contender contender() {
    return contender;
  }

  InetSocketAddress address() {
    return address;
  }

  /** From exec of the command to its first answer. */
  double startMillis() {
    return startMillis;
  }

  ProcessTree processes() {
    return new ProcessTree(process.toHandle());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(stop);
  }
}
