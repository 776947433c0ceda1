package dev.tidepool.worker;

import dev.tidepool.control.RequestTemplate;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Requests that the master wants kept from the app, since workers died on them. */
final class Refusals {
  private final Map<String, Long> until = new ConcurrentHashMap<>();

  void add(String template, long untilNanos) {
    until.put(template, untilNanos);
  }

  /** Answers the request if it is one of them. */
  boolean refuse(HttpServerExchange exchange) {
    if (until.isEmpty()) {
      return false;
    }
    long now = System.nanoTime();
    until.values().removeIf(end -> now - end >= 0);
    Long end =
        until.get(RequestTemplate.of(exchange.getRequestMethod() + " " + exchange.getRequestURI()));
    if (end == null) {
      return false;
    }
    exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
    exchange
        .getResponseHeaders()
        .put(Headers.RETRY_AFTER, TimeUnit.NANOSECONDS.toSeconds(end - now) + 1);
    exchange.endExchange();
    return true;
  }
}
