package dev.tidepool.session;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.SessionConfig;
import org.jspecify.annotations.Nullable;

/** What a request says of the id of its session, for requests without a connection. */
record GivenId(@Nullable String id, SessionCookieSource source) implements SessionConfig {
  static GivenId nothing() {
    return new GivenId(null, SessionCookieSource.NONE);
  }

  static GivenId byClient(String id) {
    return new GivenId(id, SessionCookieSource.COOKIE);
  }

  /** As a forward from another app does. */
  static GivenId byContainer(String id) {
    return new GivenId(id, SessionCookieSource.NONE);
  }

  @Override
  public void setSessionId(HttpServerExchange exchange, String sessionId) {}

  @Override
  public void clearSession(HttpServerExchange exchange, String sessionId) {}

  @Override
  public @Nullable String findSessionId(HttpServerExchange exchange) {
    return id;
  }

  @Override
  public SessionCookieSource sessionCookieSource(HttpServerExchange exchange) {
    return source;
  }

  @Override
  public String rewriteUrl(String url, String sessionId) {
    return url;
  }
}
