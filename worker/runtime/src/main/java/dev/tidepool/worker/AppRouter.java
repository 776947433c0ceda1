package dev.tidepool.worker;

import dev.tidepool.conf.AppSettings;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.PathHandler;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the app of a request, as nginx finds server and location: by its host, exact names before
 * {@code *.} and of these the longest, then by the longest context that its path is in. What an app
 * names as its host belongs to it: nothing there falls back to the apps without a host.
 */
final class AppRouter implements HttpHandler {
  private final Map<String, PathHandler> byName = new HashMap<>();
  private final Map<String, PathHandler> byDomain = new HashMap<>();
  private final PathHandler others = new PathHandler(AppRouter::notFound);

  private AppRouter() {}

  /** Serves apps, each by its own handler; what need not be looked at is not. */
  static HttpHandler of(List<AppSettings> apps, List<HttpHandler> handlers) {
    AppSettings first = apps.get(0);
    if (apps.size() == 1 && first.hosts().isEmpty() && first.context().equals("/")) {
      return handlers.get(0);
    }
    var router = new AppRouter();
    for (int i = 0; i < apps.size(); i++) {
      router.add(apps.get(i), handlers.get(i));
    }
    boolean anyHost = router.byName.isEmpty() && router.byDomain.isEmpty();
    return anyHost ? router.others : router;
  }

  private void add(AppSettings app, HttpHandler handler) {
    if (app.hosts().isEmpty()) {
      others.addPrefixPath(app.context(), handler);
    }
    for (String host : app.hosts()) {
      boolean domain = host.startsWith("*");
      (domain ? byDomain : byName)
          .computeIfAbsent(
              domain ? host.substring(1) : host, unused -> new PathHandler(AppRouter::notFound))
          .addPrefixPath(app.context(), handler);
    }
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    of(host(exchange)).handleRequest(exchange);
  }

  private PathHandler of(String host) {
    PathHandler named = byName.get(host);
    for (int dot = host.indexOf('.'); named == null && dot > 0; dot = host.indexOf('.', dot + 1)) {
      named = byDomain.get(host.substring(dot));
    }
    return named == null ? others : named;
  }

  /** Without its port; "example.org." is the same host. */
  private static String host(HttpServerExchange exchange) {
    String field = exchange.getRequestHeaders().getFirst(Headers.HOST);
    if (field == null) {
      return ""; // HTTP/1.0
    }
    int end = field.indexOf(':', field.startsWith("[") ? field.indexOf(']') + 1 : 0);
    String host = end < 0 ? field : field.substring(0, end);
    return (host.endsWith(".") ? host.substring(0, host.length() - 1) : host)
        .toLowerCase(Locale.ROOT);
  }

  private static void notFound(HttpServerExchange exchange) {
    exchange.setStatusCode(StatusCodes.NOT_FOUND);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
    exchange.getResponseSender().send("404 Not Found: no app is served at this host and path\n");
  }
}
