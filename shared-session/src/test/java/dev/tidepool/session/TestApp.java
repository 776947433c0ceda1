package dev.tidepool.session;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionAttachmentHandler;
import io.undertow.server.session.SessionCookieConfig;
import io.undertow.server.session.SessionListener;
import io.undertow.util.Headers;
import io.undertow.util.Sessions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One worker with an app that does to its session what the path says. */
final class TestApp implements AutoCloseable {
  static final String NAME = "test-app";
  final SharedSessions sessions;
  final SharedSessionManager manager;
  final List<String> events = new CopyOnWriteArrayList<>();

  /** A request that will set again has sent the first of its answer, and waits until it may. */
  final CountDownLatch answering = new CountDownLatch(1);

  final CountDownLatch setAgain = new CountDownLatch(1);
  final CountDownLatch hasSetAgain = new CountDownLatch(1);
  private final Undertow server;
  private final SessionCookieConfig config = new SessionCookieConfig();

  TestApp(Path directory, int slot, int timeoutSeconds) {
    this(Stores.settings(directory, 1000), slot, timeoutSeconds);
  }

  TestApp(StoreSettings store, int slot, int timeoutSeconds) {
    this(store, slot, timeoutSeconds, null);
  }

  TestApp(StoreSettings store, int slot, int timeoutSeconds, @Nullable RequestLockSettings lock) {
    sessions = SharedSessions.open(store, () -> slot);
    manager =
        sessions.manager(
            new ManagerSettings(
                NAME,
                TestApp.class.getClassLoader(),
                timeoutSeconds,
                List.of("dev.tidepool.session.*"),
                ManagerSettings.WhenUndecodable.DROP_ATTRIBUTE));
    manager.registerSessionListener(new Recorder());
    manager.start();
    server =
        Undertow.builder()
            .setIoThreads(1)
            .setWorkerThreads(8)
            .addHttpListener(0, "127.0.0.1", handler(lock))
            .build();
    server.start();
  }

  private HttpHandler handler(@Nullable RequestLockSettings lock) {
    HttpHandler app =
        new SessionAttachmentHandler(new BlockingHandler(this::handle), manager, config);
    return lock == null ? app : sessions.locked(app, manager, config, lock);
  }

  /** A worker as a process of its own: directory, file to write its port to. */
  public static void main(String[] args) throws IOException {
    TestApp app =
        new TestApp(
            Stores.settings(Path.of(args[0]), 1000),
            7,
            1800,
            new RequestLockSettings(Duration.ofSeconds(20), 10));
    Path ready = Path.of(args[1] + ".new");
    Files.writeString(ready, String.valueOf(app.port()));
    Files.move(ready, Path.of(args[1]));
  }

  int port() {
    return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public void close() {
    server.stop();
    manager.stop();
    sessions.close();
  }

  private void handle(HttpServerExchange exchange) throws Exception {
    if (exchange.getRelativePath().equals("/without")) {
      exchange.getResponseSender().send("not looked at");
      return;
    }
    if (exchange.getRelativePath().equals("/late")) {
      OutputStream answer = exchange.getOutputStream();
      answer.write('.');
      answer.flush();
      count(require(Sessions.getSession(exchange)), 0);
      answer.close();
      return;
    }
    Session session = Sessions.getSession(exchange);
    String name = parameter(exchange, "name", "n");
    String value = parameter(exchange, "value", "v");
    switch (exchange.getRelativePath()) {
      case "/create" -> Sessions.getOrCreateSession(exchange).setAttribute(name, value);
      case "/set" -> require(session).setAttribute(name, value);
      case "/big" -> require(session).setAttribute(name, "x".repeat(Integer.parseInt(value)));
      case "/change" -> require(session).changeSessionId(exchange, config);
      case "/invalidate" -> require(session).invalidate(exchange);
      case "/timeout" -> require(session).setMaxInactiveInterval(Integer.parseInt(value));
      case "/add" -> add(require(session), value);
      case "/count" -> count(Sessions.getOrCreateSession(exchange), 0);
      case "/hold" -> count(require(session), Long.parseLong(value));
      case "/redirect" -> {
        count(Sessions.getOrCreateSession(exchange), 0);
        exchange.setStatusCode(302).getResponseHeaders().put(Headers.LOCATION, "/elsewhere");
        return;
      }
      case "/set-again" -> {
        setAgain(exchange, require(session), name, Boolean.parseBoolean(value));
        return;
      }
      default -> {}
    }
    exchange.getResponseSender().send(show(session, name));
  }

  /** As frameworks do: with the answer on its way, or all of it sent, sets what it has read. */
  private void setAgain(HttpServerExchange exchange, Session session, String name, boolean all)
      throws Exception {
    Object seen = session.getAttribute(name);
    OutputStream answer = exchange.getOutputStream();
    answer.write('.');
    if (all) {
      answer.close();
    } else {
      answer.flush();
    }
    answering.countDown();
    if (!setAgain.await(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody let it go on");
    }
    session.setAttribute(name, seen);
    answer.close();
    hasSetAgain.countDown();
  }

  private static String show(@Nullable Session session, String name) {
    if (session == null || session.isInvalid()) {
      return "none";
    }
    return String.valueOf(session.getAttribute(name));
  }

  private static Session require(@Nullable Session session) {
    if (session == null) {
      throw new IllegalStateException("no session");
    }
    return session;
  }

  /** Changes a list in place. */
  private static void add(Session session, String value) {
    @SuppressWarnings("unchecked")
    List<String> list = (List<String>) session.getAttribute("list");
    if (list == null) {
      session.setAttribute("list", new ArrayList<>(List.of(value)));
    } else {
      list.add(value);
    }
  }

  private static void count(Session session, long holdMillis) {
    Integer count = (Integer) session.getAttribute("count");
    long until = System.nanoTime() + holdMillis * 1_000_000;
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
    session.setAttribute("count", count == null ? 1 : count + 1);
  }

  private static String parameter(HttpServerExchange exchange, String name, String otherwise) {
    Map<String, Deque<String>> parameters = exchange.getQueryParameters();
    return parameters.containsKey(name) ? parameters.get(name).getFirst() : otherwise;
  }

  private final class Recorder implements SessionListener {
    @Override
    public void sessionCreated(Session session, HttpServerExchange exchange) {
      events.add("created");
    }

    @Override
    public void sessionDestroyed(
        Session session, @Nullable HttpServerExchange exchange, SessionDestroyedReason reason) {
      events.add("destroyed " + reason + " " + session.getAttribute("n"));
    }

    @Override
    public void sessionIdChanged(Session session, String oldId) {
      events.add("changed");
    }
  }
}
