package dev.tidepool.worker;

import dev.tidepool.app.WarmUp;
import dev.tidepool.conf.SessionSettings;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.InMemorySessionManager;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionAttachmentHandler;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionCookieConfig;
import org.jspecify.annotations.Nullable;

/**
 * HTTP sessions of one worker: the one place that knows where sessions are kept. Those of warm-up
 * requests are kept apart and thrown away.
 */
final class WorkerSessions implements AutoCloseable {
  private final SessionSettings settings;
  private final InMemorySessionManager sessions;
  private final InMemorySessionManager warmUpSessions;

  WorkerSessions(SessionSettings settings) {
    this.settings = settings;
    this.sessions = manager("sessions");
    this.warmUpSessions = manager("warm-up");
  }

  private InMemorySessionManager manager(String name) {
    var manager = new OwnIdsOnly(name);
    long seconds = Math.min(Integer.MAX_VALUE, settings.timeout().toSeconds());
    manager.setDefaultSessionTimeout((int) seconds);
    manager.start();
    return manager;
  }

  /** Gives requests access to their session. */
  HttpHandler wrap(HttpHandler next) {
    var cookie = new SessionCookieConfig();
    cookie.setCookieName(settings.cookie());
    cookie.setHttpOnly(true);
    cookie.setPath("/");
    var clients = new SessionAttachmentHandler(next, sessions, cookie);
    var warmUp = new SessionAttachmentHandler(next, warmUpSessions, cookie);
    return exchange -> (WarmUp.isWarmUp(exchange) ? warmUp : clients).handleRequest(exchange);
  }

  /** Throws away what the warm-up made. */
  void warmUpOver() {
    warmUpSessions.stop();
  }

  int size() {
    return sessions.getAllSessions().size();
  }

  @Override
  public void close() {
    warmUpSessions.stop();
    sessions.stop();
  }

  /**
   * Undertow makes a new session under any id that a client sends: an attacker could send a victim
   * a cookie and share the session. Here an id that is not known is replaced.
   */
  private static final class OwnIdsOnly extends InMemorySessionManager {
    OwnIdsOnly(String name) {
      super(name);
    }

    @Override
    public Session createSession(HttpServerExchange exchange, SessionConfig config) {
      boolean fromClient =
          config.sessionCookieSource(exchange) != SessionConfig.SessionCookieSource.NONE;
      return super.createSession(exchange, fromClient ? new WithoutRequestedId(config) : config);
    }
  }

  private record WithoutRequestedId(SessionConfig config) implements SessionConfig {
    @Override
    public @Nullable String findSessionId(HttpServerExchange exchange) {
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
}
