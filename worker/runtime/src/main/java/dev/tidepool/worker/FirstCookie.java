package dev.tidepool.worker;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.SessionConfig;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Finds the own session of an app below {@code /} if an app above it has a cookie of the same name:
 * browsers send that of the longest path first (RFC 6265, section 5.4), Undertow takes the last.
 */
final class FirstCookie implements SessionConfig {
  private final SessionConfig config;
  private final String name;

  FirstCookie(SessionConfig config, String name) {
    this.config = config;
    this.name = name;
  }

  @Override
  public @Nullable String findSessionId(HttpServerExchange exchange) {
    String found = config.findSessionId(exchange);
    boolean cookie =
        found != null && config.sessionCookieSource(exchange) == SessionCookieSource.COOKIE;
    String first = cookie ? first(exchange) : null;
    return first == null ? found : first;
  }

  private @Nullable String first(HttpServerExchange exchange) {
    HeaderValues lines = exchange.getRequestHeaders().get(Headers.COOKIE);
    if (lines != null) {
      for (String line : lines) {
        for (String pair : line.split(";", -1)) {
          String[] cookie = pair.strip().split("=", 2);
          if (cookie.length == 2 && cookie[0].equals(name)) {
            return cookie[1];
          }
        }
      }
    }
    return null;
  }

  @Override
  public void setSessionId(HttpServerExchange exchange, String id) {
    config.setSessionId(exchange, id);
  }

  @Override
  public void clearSession(HttpServerExchange exchange, String id) {
    config.clearSession(exchange, id);
  }

  @Override
  public SessionCookieSource sessionCookieSource(HttpServerExchange exchange) {
    return config.sessionCookieSource(exchange);
  }

  @Override
  public String rewriteUrl(String url, String id) {
    return config.rewriteUrl(url, id);
  }
}
