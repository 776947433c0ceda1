package dev.tidepool.servlet;

import io.undertow.server.HttpHandler;
import io.undertow.servlet.handlers.DefaultServlet;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;

/**
 * Undertow sends the first of several ranges as if it were all that was asked for. A request for
 * several gets the whole file instead (RFC 9110, 14.2).
 */
final class Ranges {
  private Ranges() {}

  /** Stands before the servlets; those of the WAR get such a header as it is. */
  static HttpHandler before(HttpHandler next) {
    return exchange -> {
      HeaderValues range = exchange.getRequestHeaders().get(Headers.RANGE);
      if (range != null && range.getFirst().contains(",")) {
        Class<?> servlet =
            exchange
                .getAttachment(ServletRequestContext.ATTACHMENT_KEY)
                .getServletPathMatch()
                .getServletChain()
                .getManagedServlet()
                .getServletInfo()
                .getServletClass();
        if (servlet == DefaultServlet.class) {
          exchange.getRequestHeaders().remove(Headers.RANGE);
        }
      }
      next.handleRequest(exchange);
    };
  }
}
