package dev.tidepool.master;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidepool.conf.ListenAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The master's own pages, on the HTTP server of the JDK. */
final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

  static {
    // It writes head and body apart: on a kept connection the body would wait 40 ms for a delayed
    // ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** What the pages show; asked for on a thread of the server. */
  interface Source {

    /** The status as JSON, or null if the supervision loop does not answer in time. */
    @Nullable String status();

    Readiness readiness();
  }

  /** What load balancers are told. */
  enum Readiness {
    READY(200, "ready\n"),

    /** HAProxy takes this for a server that drains, and any other one for one that fails. */
    LEAVING(404, "draining\n"),

    NOBODY_SERVES(503, "no worker serves\n");

    private final int status;
    private final String text;

    Readiness(int status, String text) {
      this.status = status;
      this.text = text;
    }
  }

  private final Source source;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "admin");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable HttpServer server;
  private ListenAddress.@Nullable Tcp wanted;

  AdminServer(Source source) {
    this.source = source;
  }

  /** The address with its port, or null if there is none. */
  synchronized @Nullable String address() {
    HttpServer running = server;
    return running == null || wanted == null
        ? null
        : new ListenAddress.Tcp(wanted.host(), running.getAddress().getPort()).toString();
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
          ExitCode.CONFIGURATION, "listen.admin=" + address.get() + ": expected host:port or off");
    }
    try {
      server = start(tcp);
      wanted = tcp;
    } catch (IOException e) {
      throw new StartFailure(
          ExitCode.REFUSED, "cannot listen on listen.admin=" + tcp + ": " + e.getMessage());
    }
  }

  /** Moves to another address after a reload; if that fails, stays where it is and says so. */
  synchronized void listen(Optional<ListenAddress> address) {
    if (address.equals(Optional.ofNullable(wanted))) {
      return;
    }
    HttpServer old = server;
    server = null;
    try {
      open(address);
      if (address.isEmpty()) {
        wanted = null;
      }
      if (old != null) {
        old.stop(0);
      }
    } catch (StartFailure e) {
      server = old;
      log.error("{}; staying on {}", e.getMessage(), wanted);
    }
  }

  private HttpServer start(ListenAddress.Tcp address) throws IOException {
    InetSocketAddress socket = new InetSocketAddress(address.host(), address.port());
    if (socket.isUnresolved()) {
      throw new IOException("unknown host \"" + address.host() + "\"");
    }
    HttpServer started = HttpServer.create(socket, 64);
    started.setExecutor(threads);
    started.createContext("/", exchange -> answer(exchange, 404, "text/plain", "not found\n"));
    started.createContext("/-/healthy", this::healthy);
    started.createContext("/-/ready", this::ready);
    started.createContext("/-/status", this::status);
    started.start();
    return started;
  }

  private void healthy(HttpExchange exchange) throws IOException {
    boolean healthy = source.status() != null;
    answer(exchange, healthy ? 200 : 503, "text/plain", healthy ? "healthy\n" : "loop is stuck\n");
  }

  private void ready(HttpExchange exchange) throws IOException {
    Readiness readiness = source.readiness();
    answer(exchange, readiness.status, "text/plain", readiness.text);
  }

  private void status(HttpExchange exchange) throws IOException {
    String status = source.status();
    answer(
        exchange,
        status == null ? 503 : 200,
        "application/json",
        status == null ? "{}\n" : status + "\n");
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, head ? -1 : body.length);
    if (!head) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
    exchange.close();
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
    threads.shutdownNow();
  }
}
