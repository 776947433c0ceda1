package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.server.session.SessionManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servlet container of two workers over one store. */
class ServletSessionTest {
  private static final List<String> EVENTS = new CopyOnWriteArrayList<>();
  @TempDir Path directory;
  private final Browser browser = new Browser();
  private Worker first;
  private Worker second;

  @BeforeEach
  void start() throws ServletException {
    EVENTS.clear();
    first = new Worker(directory);
    second = new Worker(directory);
  }

  @AfterEach
  void stop() throws ServletException {
    first.close();
    second.close();
  }

  @Test
  void countsOverBothWorkers() {
    for (int i = 1; i <= 6; i++) {
      assertThat(browser.body((i % 2 == 0 ? first : second).port(), "/count"))
          .isEqualTo(String.valueOf(i));
    }
    assertThat(EVENTS).containsExactly("created");
  }

  @Test
  void changesTheId() {
    browser.body(first.port(), "/count");
    String old = browser.cookie;

    browser.body(second.port(), "/change");

    assertThat(browser.cookie).isNotEqualTo(old);
    assertThat(browser.body(first.port(), "/count")).isEqualTo("2");
    // Undertow's servlet container tells of a change twice, with its own manager too.
    assertThat(EVENTS).startsWith("created", "changed").containsOnly("created", "changed");
  }

  @Test
  void invalidatesOnce() {
    browser.body(first.port(), "/count");

    browser.body(second.port(), "/invalidate");

    assertThat(browser.body(first.port(), "/count")).isEqualTo("1");
    assertThat(EVENTS).containsExactly("created", "destroyed with 1", "created");
  }

  @Test
  void adoptsNoIdOfTheClient() {
    Browser attacker = Browser.with("attacker-chosen-id");

    attacker.body(first.port(), "/count");

    assertThat(attacker.cookie).isNotEqualTo("attacker-chosen-id");
  }

  @Test
  void expiresWithListeners() {
    browser.body(first.port(), "/short");

    Poll.until(
        () -> {
          second.sessions.tick();
          return EVENTS.size() > 1;
        });

    assertThat(EVENTS).containsExactly("created", "destroyed with null");
  }

  @Test
  void isUsedByARequestThatDoesNotLookAtIt() {
    browser.body(first.port(), "/count");
    long created = accessed(first);

    Poll.until(
        () -> {
          assertThat(browser.body(first.port(), "/without")).isEqualTo("not looked at");
          return accessed(second) > created;
        });
  }

  private long accessed(Worker worker) {
    SessionManager manager = worker.deployment.getDeployment().getSessionManager();
    return manager.getSession(Objects.requireNonNull(browser.cookie)).getLastAccessedTime();
  }

  private static final class Worker {
    final SharedSessions sessions;
    private final DeploymentManager deployment;
    private final Undertow server;

    Worker(Path directory) throws ServletException {
      sessions = SharedSessions.open(Stores.settings(directory, 1000), () -> 0);
      var settings =
          new ManagerSettings(
              "war",
              Worker.class.getClassLoader(),
              1800,
              List.of(),
              ManagerSettings.WhenUndecodable.DROP_ATTRIBUTE);
      deployment =
          Servlets.newContainer()
              .addDeployment(
                  Servlets.deployment()
                      .setClassLoader(Worker.class.getClassLoader())
                      .setDeploymentName("war-" + System.nanoTime())
                      .setContextPath("/")
                      .setSessionManagerFactory(unused -> sessions.manager(settings))
                      .addListener(Servlets.listener(Recorder.class))
                      .addServlet(Servlets.servlet(App.class).addMapping("/*")));
      deployment.deploy();
      server =
          Undertow.builder()
              .setIoThreads(1)
              .addHttpListener(0, "127.0.0.1", deployment.start())
              .build();
      server.start();
    }

    int port() {
      return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    void close() throws ServletException {
      server.stop();
      deployment.stop();
      sessions.close();
    }
  }

  /** Does to its session what the path says. */
  public static final class App extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getPathInfo().equals("/without")) {
        response.getWriter().print("not looked at");
        return;
      }
      HttpSession session = request.getSession();
      switch (request.getPathInfo()) {
        case "/change" -> request.changeSessionId();
        case "/invalidate" -> session.invalidate();
        case "/short" -> session.setMaxInactiveInterval(1);
        default -> {
          Integer count = (Integer) session.getAttribute("count");
          int next = count == null ? 1 : count + 1;
          session.setAttribute("count", next);
          response.getWriter().print(next);
        }
      }
    }
  }

  /** Notes what the container tells its listeners. */
  @WebListener
  public static final class Recorder implements HttpSessionListener, HttpSessionIdListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      EVENTS.add("created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      EVENTS.add("destroyed with " + event.getSession().getAttribute("count"));
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String old) {
      EVENTS.add("changed");
    }
  }
}
