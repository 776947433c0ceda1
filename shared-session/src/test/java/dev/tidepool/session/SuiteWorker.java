package dev.tidepool.session;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.session.SessionCookieConfig;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A worker with {@link SuiteServlet} as a process: prints its port, and ends when its input does.
 * Arguments: directory of the sessions, directory of the app's classes, and {@code lock} or {@code
 * no-lock} for the request lock.
 */
final class SuiteWorker {
  static final String APP = "suite";
  static final List<String> EVENTS = new CopyOnWriteArrayList<>();
  private static ClassLoader loader = SuiteWorker.class.getClassLoader();

  private SuiteWorker() {}

  public static void main(String[] args) throws Exception {
    loader =
        new URLClassLoader(
            new URL[] {Path.of(args[1]).toUri().toURL()}, SuiteWorker.class.getClassLoader());
    SharedSessions sessions = SharedSessions.open(Stores.settings(Path.of(args[0]), 1000), () -> 0);
    SharedSessionManager manager =
        sessions.manager(
            new ManagerSettings(
                APP,
                loader,
                1800,
                List.of("shop.*", "dev.tidepool.session.*"),
                ManagerSettings.WhenUndecodable.DROP_ATTRIBUTE));
    HttpHandler app = deploy(manager);
    var lock = new RequestLockSettings(Duration.ofSeconds(20), 100);
    Undertow server =
        Undertow.builder()
            .setIoThreads(1)
            .setWorkerThreads(8)
            .addHttpListener(
                0,
                "127.0.0.1",
                args[2].equals("lock")
                    ? sessions.locked(app, manager, new SessionCookieConfig(), lock)
                    : app)
            .build();
    server.start();
    System.out.println(
        ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort());

    ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    var ticking = ticks.scheduleWithFixedDelay(sessions::tick, 0, 200, TimeUnit.MILLISECONDS);
    awaitEndOfInput();
    ticking.cancel(false);
    System.exit(0); // Undertow's threads would live on
  }

  private static HttpHandler deploy(SharedSessionManager manager) throws ServletException {
    DeploymentManager deployment =
        Servlets.newContainer()
            .addDeployment(
                Servlets.deployment()
                    .setClassLoader(loader)
                    .setDeploymentName(APP)
                    .setContextPath("/")
                    .setSessionManagerFactory(unused -> manager)
                    .addListener(Servlets.listener(Recorder.class))
                    .addServlet(
                        Servlets.servlet(SuiteServlet.class)
                            .addMappings(
                                "/counter",
                                "/hop",
                                "/events",
                                "/write",
                                "/read",
                                "/remove",
                                "/list",
                                "/cart",
                                "/timeout",
                                "/interval",
                                "/change",
                                "/recreate",
                                "/invalidate")));
    deployment.deploy();
    return deployment.start();
  }

  private static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {}
  }

  /** An object of a class that only the app's loader finds. */
  static Object cart(String content) {
    try {
      return loader.loadClass("shop.Cart").getConstructor(String.class).newInstance(content);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Notes what the container tells its listeners. */
  public static final class Recorder
      implements HttpSessionListener, HttpSessionIdListener, HttpSessionAttributeListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      EVENTS.add("created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      EVENTS.add("destroyed with " + event.getSession().getAttribute("test"));
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String old) {
      EVENTS.add(old + " became " + event.getSession().getId());
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
      EVENTS.add(event.getName() + " replaced " + event.getValue());
    }
  }
}
