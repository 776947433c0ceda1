package dev.tidepool.session;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Does to the session what path and method say, as the servlets of other suites do. */
public final class SuiteServlet extends HttpServlet {
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getServletPath()) {
      case "/counter" -> counter(request, response);
      case "/hop" -> hop(request, response);
      case "/events" -> response.getWriter().print(String.join(",", SuiteWorker.EVENTS));
      default -> response.getWriter().print(value(request));
    }
  }

  /** PUT makes a session, GET counts in it, HEAD looks at it, DELETE ends it. */
  private static void counter(HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = request.getSession(request.getMethod().equals("PUT"));
    if (session == null) {
      return;
    }
    switch (request.getMethod()) {
      case "PUT" -> {
        boolean inPlace = "atomic".equals(request.getParameter("kind"));
        session.setAttribute("counter", inPlace ? new AtomicInteger() : Integer.valueOf(0));
        session.setAttribute("immutable", UUID.randomUUID());
      }
      case "GET" -> response.setIntHeader("counter", count(session));
      case "DELETE" -> {
        session.invalidate();
        return;
      }
      default -> {}
    }
    response.setHeader("immutable", String.valueOf(session.getAttribute("immutable")));
    response.setHeader("session-id", session.getId());
  }

  private static int count(HttpSession session) {
    if (session.getAttribute("counter") instanceof AtomicInteger counter) {
      return counter.incrementAndGet(); // and nobody tells the session
    }
    int next = (Integer) session.getAttribute("counter") + 1;
    session.setAttribute("counter", next);
    return next;
  }

  /** Says how many hops it sees, and sends the client on having made one more. */
  private static void hop(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    Integer hops = (Integer) session.getAttribute("hops");
    int seen = hops == null ? 0 : hops;
    response.setIntHeader("seen", seen);
    session.setAttribute("hops", seen + 1);
    response.sendRedirect("/hop");
  }

  private static @Nullable Object value(HttpServletRequest request) {
    String key = request.getParameter("key");
    String value = request.getParameter("value");
    boolean makes = request.getServletPath().equals("/write");
    HttpSession session = request.getSession(makes);
    if (session == null) {
      return "none";
    }
    switch (request.getServletPath()) {
      case "/write" -> session.setAttribute(key, value);
      case "/read" -> {}
      case "/remove" -> session.removeAttribute(key);
      case "/list" -> list(session, key).add(value);
      case "/cart" -> session.setAttribute(key, SuiteWorker.cart(value));
      case "/timeout" -> session.setMaxInactiveInterval(Integer.parseInt(value));
      case "/interval" -> {
        return session.getMaxInactiveInterval();
      }
      case "/change" -> request.changeSessionId();
      case "/recreate" -> {
        session.invalidate();
        request.getSession().setAttribute(key, value);
      }
      case "/invalidate" -> {
        session.invalidate();
        return "none";
      }
      default -> throw new IllegalArgumentException(request.getServletPath());
    }
    return request.getSession().getAttribute(key);
  }

  private static List<String> list(HttpSession session, String key) {
    @SuppressWarnings("unchecked")
    List<String> list = (List<String>) session.getAttribute(key);
    if (list == null) {
      list = new ArrayList<>();
      session.setAttribute(key, list);
    }
    return list;
  }
}
