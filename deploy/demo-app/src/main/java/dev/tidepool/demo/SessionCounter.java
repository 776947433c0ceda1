package dev.tidepool.demo;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.Session;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.Sessions;

/**
 * A number in the session: POST adds one, GET shows it. With {@code ?hold=MS} a POST sleeps between
 * read and write, so that a worker can be killed there, or two requests collide. Blocks.
 */
final class SessionCounter implements HttpHandler {
  private static final String ATTRIBUTE = "count";

  private final int pid;

  SessionCounter(int pid) {
    this.pid = pid;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws InterruptedException {
    int holdMillis = Parameters.number(exchange, "hold", 0);
    if (holdMillis < 0) {
      Parameters.refuse(exchange, "hold");
      return;
    }
    Session session = Sessions.getOrCreateSession(exchange);
    int count = session.getAttribute(ATTRIBUTE) instanceof Integer number ? number : 0;
    if (exchange.getRequestMethod().equals(Methods.POST)) {
      count++;
      if (holdMillis > 0) { // even a sleep of 0 gives the processor away
        Thread.sleep(holdMillis);
      }
      session.setAttribute(ATTRIBUTE, count);
    }
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
    exchange
        .getResponseSender()
        .send(
            "{\"count\":"
                + count
                + ",\"session\":\""
                + escape(session.getId())
                + "\",\"pid\":"
                + pid
                + "}");
  }

  /** An id may be the invention of a client. */
  static String escape(String id) {
    var escaped = new StringBuilder();
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && c < 0x7f) {
        escaped.append(c);
      } else {
        escaped.append(String.format("\\u%04x", (int) c));
      }
    }
    return escaped.toString();
  }
}
