package dev.tidepool.worker;

import io.undertow.server.HttpHandler;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionManager;
import java.util.List;

/** The sessions of the pool, as an app takes them into use: once, in one of two ways. */
public interface AppSessions {

  /**
   * For handlers: gives requests access to their session.
   *
   * @param loader finds the classes of attributes
   * @param ownClasses names or {@code package.*} of classes whose objects may be attributes
   */
  HttpHandler attach(HttpHandler handler, ClassLoader loader, List<String> ownClasses);

  /** For a servlet container, which finds the sessions of requests itself; as {@link #attach}. */
  SessionManager manager(ClassLoader loader, List<String> ownClasses);

  /** How the container is to find sessions, whose cookie is called {@code name}. */
  SessionConfig config(SessionConfig container, String name);

  /**
   * Puts the container behind the lock of sessions if the configuration asks for it.
   *
   * @param config tells the session of a request as the container does
   */
  HttpHandler locked(HttpHandler container, SessionConfig config);
}
