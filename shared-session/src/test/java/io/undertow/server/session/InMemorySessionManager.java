package io.undertow.server.session;

import dev.tidepool.session.ManagerSettings;
import dev.tidepool.session.SharedSessionManager;
import dev.tidepool.session.SharedSessions;
import dev.tidepool.session.StoreSettings;
import io.undertow.server.HttpServerExchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes the place of Undertow's class of this name, which its tests and its servlet container make
 * by {@code new}: all that such a manager does is done by {@link SharedSessionManager}. The n-th
 * manager of one process and the n-th of another share their sessions.
 */
public class InMemorySessionManager implements SessionManager {
  private static final Map<String, SharedSessions> OPEN = new HashMap<>();
  private static Path directory = Path.of("not-set");
  private static int made;

  private final SharedSessionManager manager;

  public InMemorySessionManager(
      SessionIdGenerator ids,
      String deployment,
      int maxSessions,
      boolean expireOldest,
      boolean statistics) {
    manager = open(deployment, maxSessions > 0 ? maxSessions : 1000, expireOldest);
  }

  public InMemorySessionManager(String deployment, int maxSessions, boolean expireOldest) {
    manager = open(deployment, maxSessions, expireOldest);
  }

  public InMemorySessionManager(String deployment, int maxSessions) {
    this(deployment, maxSessions, false);
  }

  public InMemorySessionManager(String deployment) {
    this(deployment, 1000, false);
  }

  /** From now on managers keep their sessions below {@code newDirectory}; closes the old ones. */
  public static synchronized void startOver(Path newDirectory) {
    OPEN.values().forEach(SharedSessions::close);
    OPEN.clear();
    directory = newDirectory;
    made = 0;
  }

  private static synchronized SharedSessionManager open(
      String deployment, int maxSessions, boolean expireOldest) {
    StoreSettings.WhenFull whenFull =
        expireOldest ? StoreSettings.WhenFull.EVICT_OLDEST : StoreSettings.WhenFull.REFUSE;
    SharedSessions sessions =
        OPEN.computeIfAbsent(
            maxSessions + whenFull.name(), name -> open(name, maxSessions, whenFull));
    return sessions.manager(
        new ManagerSettings(
            deployment + "-" + made++,
            InMemorySessionManager.class.getClassLoader(),
            1800,
            List.of(),
            ManagerSettings.WhenUndecodable.FAIL));
  }

  private static SharedSessions open(
      String name, int maxSessions, StoreSettings.WhenFull whenFull) {
    Duration lockTimeout = Duration.ofSeconds(5);
    return SharedSessions.open(
        new StoreSettings(
            directory.resolve(name),
            "undertow",
            maxSessions,
            512,
            4096,
            false,
            whenFull,
            lockTimeout),
        () -> 0);
  }

  @Override
  public String getDeploymentName() {
    return manager.getDeploymentName();
  }

  @Override
  public void start() {
    manager.start();
  }

  @Override
  public void stop() {
    manager.stop();
  }

  @Override
  public Session createSession(HttpServerExchange exchange, SessionConfig config) {
    return manager.createSession(exchange, config);
  }

  @Override
  public Session getSession(HttpServerExchange exchange, SessionConfig config) {
    return manager.getSession(exchange, config);
  }

  @Override
  public Session getSession(String id) {
    return manager.getSession(id);
  }

  @Override
  public void registerSessionListener(SessionListener listener) {
    manager.registerSessionListener(listener);
  }

  @Override
  public void removeSessionListener(SessionListener listener) {
    manager.removeSessionListener(listener);
  }

  @Override
  public void setDefaultSessionTimeout(int seconds) {
    manager.setDefaultSessionTimeout(seconds);
  }

  @Override
  public Set<String> getTransientSessions() {
    return manager.getTransientSessions();
  }

  @Override
  public Set<String> getActiveSessions() {
    return manager.getActiveSessions();
  }

  @Override
  public Set<String> getAllSessions() {
    return manager.getAllSessions();
  }

  @Override
  public SessionManagerStatistics getStatistics() {
    return manager.getStatistics();
  }

  @Override
  public boolean isDistributed() {
    return manager.isDistributed();
  }
}
