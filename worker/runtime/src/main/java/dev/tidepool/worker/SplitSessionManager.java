package dev.tidepool.worker;

import dev.tidepool.app.WarmUp;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionListener;
import io.undertow.server.session.SessionManager;
import io.undertow.server.session.SessionManagerStatistics;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the sessions of the worker's own requests apart from those of clients. */
final class SplitSessionManager implements SessionManager {
  private final SessionManager clients;
  private final SessionManager warmUp;

  SplitSessionManager(SessionManager clients, SessionManager warmUp) {
    this.clients = clients;
    this.warmUp = warmUp;
  }

  private SessionManager of(@Nullable HttpServerExchange exchange) {
    return exchange != null && WarmUp.isWarmUp(exchange) ? warmUp : clients;
  }

  @Override
  public Session createSession(HttpServerExchange exchange, SessionConfig config) {
    return of(exchange).createSession(exchange, config);
  }

  @Override
  public @Nullable Session getSession(@Nullable HttpServerExchange exchange, SessionConfig config) {
    return of(exchange).getSession(exchange, config);
  }

  @Override
  public @Nullable Session getSession(String id) {
    return clients.getSession(id);
  }

  @Override
  public void registerSessionListener(SessionListener listener) {
    clients.registerSessionListener(listener);
    warmUp.registerSessionListener(listener);
  }

  @Override
  public void removeSessionListener(SessionListener listener) {
    clients.removeSessionListener(listener);
    warmUp.removeSessionListener(listener);
  }

  @Override
  public void setDefaultSessionTimeout(int seconds) {
    clients.setDefaultSessionTimeout(seconds);
    warmUp.setDefaultSessionTimeout(seconds);
  }

  @Override
  public String getDeploymentName() {
    return clients.getDeploymentName();
  }

  /** Both are started by whoever made them. */
  @Override
  public void start() {}

  @Override
  public void stop() {
    clients.stop();
  }

  @Override
  public Set<String> getTransientSessions() {
    return clients.getTransientSessions();
  }

  @Override
  public Set<String> getActiveSessions() {
    return clients.getActiveSessions();
  }

  @Override
  public Set<String> getAllSessions() {
    return clients.getAllSessions();
  }

  @Override
  public SessionManagerStatistics getStatistics() {
    return clients.getStatistics();
  }

  @Override
  public boolean isDistributed() {
    return clients.isDistributed();
  }
}
