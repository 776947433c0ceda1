package dev.tidepool.demo;

import dev.tidepool.app.AppContext;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.net.InetSocketAddress;

/** What the app answers without a session. */
final class Pages {
  private static final HttpString CONTENT_SECURITY_POLICY =
      new HttpString("Content-Security-Policy");
  private static final String OWN_CODE_ONLY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " connect-src 'self'";

  private final AppContext context;
  private final String version;
  private final String home;

  Pages(AppContext context, String version) throws IOException {
    this.context = context;
    this.version = version;
    this.home = Resources.text("index.html");
  }

  void home(HttpServerExchange exchange) throws IOException {
    String page =
        home.replace("{{build}}", escape(Resources.build()))
            .replace("{{version}}", escape(version))
            .replace("{{generation}}", String.valueOf(context.generation()))
            .replace("{{pid}}", String.valueOf(context.pid()));
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/html; charset=UTF-8");
    exchange.getResponseHeaders().put(CONTENT_SECURITY_POLICY, OWN_CODE_ONLY);
    exchange.getResponseSender().send(page);
  }

  void hello(HttpServerExchange exchange) {
    text(exchange, "Hello from Tidepool, pid=" + context.pid() + "\n");
  }

  /** The build, a space, {@code app.settings.version}. */
  void version(HttpServerExchange exchange) throws IOException {
    text(exchange, Resources.build() + " " + version + "\n");
  }

  /** Who the client is and what it asked for, as far as the server believes it. */
  static void client(HttpServerExchange exchange) {
    InetSocketAddress source = exchange.getSourceAddress();
    text(
        exchange,
        "source=%s port=%d scheme=%s host=%s protocol=%s forwarded=%s%n"
            .formatted(
                source.getAddress().getHostAddress(),
                source.getPort(),
                exchange.getRequestScheme(),
                exchange.getRequestHeaders().getFirst(Headers.HOST),
                exchange.getProtocol(),
                exchange.getRequestHeaders().getFirst(Headers.X_FORWARDED_FOR)));
  }

  /** Sleeps for the parameter {@code ms}. */
  void sleep(HttpServerExchange exchange) throws InterruptedException {
    int millis = Parameters.number(exchange, "ms", 0);
    if (millis < 0) {
      Parameters.refuse(exchange, "ms");
      return;
    }
    Thread.sleep(millis);
    text(exchange, "slept " + millis + " ms, pid=" + context.pid() + "\n");
  }

  /** Sends the body back while it comes in, however long it is. */
  static void echo(HttpServerExchange exchange) throws IOException {
    String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_TYPE, type != null ? type : "application/octet-stream");
    exchange.getResponseHeaders().put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
    if (exchange.getRequestContentLength() >= 0) {
      exchange.setResponseContentLength(exchange.getRequestContentLength());
    }
    exchange.getInputStream().transferTo(exchange.getOutputStream());
  }

  static void text(HttpServerExchange exchange, String text) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=UTF-8");
    exchange.getResponseSender().send(text);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
