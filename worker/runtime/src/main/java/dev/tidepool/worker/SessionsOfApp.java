package dev.tidepool.worker;

import dev.tidepool.app.WarmUp;
import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.SessionSettings;
import dev.tidepool.session.ManagerSettings;
import dev.tidepool.session.RequestLockSettings;
import dev.tidepool.session.SharedSessionManager;
import dev.tidepool.session.SharedSessions;
import io.undertow.server.HttpHandler;
import io.undertow.server.session.InMemorySessionManager;
import io.undertow.server.session.SessionAttachmentHandler;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionCookieConfig;
import io.undertow.server.session.SessionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one app: in the store that all share, under the app's name. Those of warm-up
 * requests are kept apart, in memory, and thrown away.
 */
final class SessionsOfApp implements AppSessions {
  private final AppSettings app;
  private final SessionSettings settings;
  private final SharedSessions shared;
  private final InMemorySessionManager warmUpSessions = new InMemorySessionManager("warm-up");
  private @Nullable SharedSessionManager manager;

  SessionsOfApp(AppSettings app, SessionSettings settings, SharedSessions shared) {
    this.app = app;
    this.settings = settings;
    this.shared = shared;
  }

  @Override
  public HttpHandler attach(HttpHandler handler, ClassLoader loader, List<String> ownClasses) {
    var cookie = new SessionCookieConfig();
    cookie.setCookieName(settings.cookie());
    cookie.setHttpOnly(true);
    cookie.setPath(app.context());
    SessionManager all = manager(loader, ownClasses);
    SessionConfig config = config(cookie, settings.cookie());
    return locked(new SessionAttachmentHandler(handler, all, config), config);
  }

  @Override
  public SessionManager manager(ClassLoader loader, List<String> ownClasses) {
    SharedSessionManager made = shared.manager(managerSettings(loader, ownClasses));
    made.start();
    warmUpSessions.start();
    manager = made;
    return new SplitSessionManager(made, warmUpSessions);
  }

  @Override
  public SessionConfig config(SessionConfig container, String name) {
    return app.context().equals("/") ? container : new FirstCookie(container, name);
  }

  @Override
  public HttpHandler locked(HttpHandler container, SessionConfig config) {
    return switch (settings.lock()) {
      case NONE -> container;
      case PER_REQUEST -> {
        var limits = new RequestLockSettings(settings.lockTimeout(), settings.lockWaiters());
        HttpHandler clients =
            shared.locked(container, Objects.requireNonNull(manager), config, limits);
        yield exchange -> (WarmUp.isWarmUp(exchange) ? container : clients).handleRequest(exchange);
      }
    };
  }

  private ManagerSettings managerSettings(ClassLoader loader, List<String> ownClasses) {
    var allowed = new ArrayList<String>(ownClasses);
    allowed.addAll(settings.allowedClasses());
    return new ManagerSettings(
        app.name(),
        loader,
        (int) Math.min(Integer.MAX_VALUE, settings.timeout().toSeconds()),
        allowed,
        switch (settings.whenUndecodable()) {
          case DROP_ATTRIBUTE -> ManagerSettings.WhenUndecodable.DROP_ATTRIBUTE;
          case DROP_SESSION -> ManagerSettings.WhenUndecodable.DROP_SESSION;
          case FAIL -> ManagerSettings.WhenUndecodable.FAIL;
        });
  }

  /** Throws away what the warm-up made. */
  void warmUpOver() {
    warmUpSessions.stop();
  }
}
