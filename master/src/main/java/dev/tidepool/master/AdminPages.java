package dev.tidepool.master;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The master's own pages, on the HTTP server of the JDK. */
final class AdminPages implements MovableServer.Kind {
  private static final int BACKLOG = 64;
  private static final int THREADS = 2;

  static {
    // It writes head and body apart: on a kept connection the body would wait for a delayed ACK.
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
    READY(200, "ready\n", "ready up\n"),

    /** HAProxy takes this for a server that drains, and any other one for one that fails. */
    LEAVING(404, "draining\n", "drain\n"),

    NOBODY_SERVES(503, "no worker serves\n", "down\n");

    private final int status;
    private final String text;
    final String agentLine;

    Readiness(int status, String text, String agentLine) {
      this.status = status;
      this.text = text;
      this.agentLine = agentLine;
    }
  }

  private final Source source;

  AdminPages(Source source) {
    this.source = source;
  }

  @Override
  public MovableServer.Running start(InetSocketAddress address) throws IOException {
    HttpServer started = HttpServer.create(address, BACKLOG);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, AdminPages::daemon);
    started.setExecutor(threads);
    started.createContext("/", exchange -> answer(exchange, 404, "text/plain", "not found\n"));
    started.createContext("/-/healthy", this::healthy);
    started.createContext("/-/ready", this::ready);
    started.createContext("/-/status", this::status);
    started.start();
    return new MovableServer.Running() {
      @Override
      public int port() {
        return started.getAddress().getPort();
      }

      @Override
      public void stop() {
        started.stop(0);
        threads.shutdownNow();
      }
    };
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "admin");
    thread.setDaemon(true);
    return thread;
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
}
