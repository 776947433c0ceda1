package dev.tidepool.demo;

import com.codahale.metrics.MetricRegistry;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import dev.tidepool.app.Departure;
import dev.tidepool.app.WarmUp;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.session.InMemorySessionManager;
import io.undertow.server.session.SessionAttachmentHandler;
import io.undertow.server.session.SessionCookieConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** The demo app on a real Undertow, with one I/O thread and four task threads. */
final class DemoServer implements AutoCloseable {
  static final int TASK_THREADS = 4;
  private static final int PID = (int) ProcessHandle.current().pid();

  private final HttpClient client = HttpClient.newHttpClient();
  private final App app;
  private final Undertow undertow;

  DemoServer(String settings) throws Exception {
    app = ServiceLoader.load(App.class).findFirst().orElseThrow();
    HttpHandler handler = app.start(new Context(ConfigFactory.parseString(settings)));
    HttpHandler marking =
        exchange -> {
          if (exchange.getRequestHeaders().contains("Warm-Up")) {
            WarmUp.mark(exchange);
          }
          handler.handleRequest(exchange);
        };
    undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(1)
            .setWorkerThreads(TASK_THREADS)
            .setHandler(
                new SessionAttachmentHandler(
                    marking, new InMemorySessionManager("test"), new SessionCookieConfig()))
            .build();
    undertow.start();
  }

  /** As a process of its own: prints its port, lives until its input ends. */
  public static void main(String[] args) throws Exception {
    try (var server = new DemoServer("faults = true")) {
      System.out.println(server.port());
      while (System.in.read() >= 0) {
        // Only the end of the input means something.
      }
    }
  }

  int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request = request(port(), path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    var request = request(port(), path).POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  @Override
  public void close() throws IOException {
    undertow.stop();
    try {
      app.stop();
    } catch (Exception e) {
      throw new IOException("the app did not stop", e);
    }
  }

  record Context(Config settings) implements AppContext {
    private static final MetricRegistry METRICS = new MetricRegistry();

    @Override
    public MetricRegistry metrics() {
      return METRICS;
    }

    @Override
    public int generation() {
      return 7;
    }

    @Override
    public void onDrain(Consumer<Departure> listener) {
      // it never leaves
    }

    @Override
    public int pid() {
      return PID;
    }
  }
}
