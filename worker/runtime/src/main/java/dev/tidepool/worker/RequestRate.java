package dev.tidepool.worker;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.concurrent.TimeUnit;

/**
 * Keeps from the app what a connection asks for beyond {@code limits.request-rate}. It stays open:
 * a new one would have its rate unused.
 */
final class RequestRate implements HttpHandler {
  private static final String RETRY_AFTER_SECONDS = "1";

  private final long nanosEach;
  private final HttpHandler next;

  /**
   * @param perSecond at least 1
   */
  RequestRate(int perSecond, HttpHandler next) {
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    TrackedConnection connection = exchange.getConnection().getAttachment(TrackedConnection.KEY);
    if (connection.warmUp || connection.mayAsk(System.nanoTime(), nanosEach)) {
      next.handleRequest(exchange);
      return;
    }
    exchange.setStatusCode(StatusCodes.TOO_MANY_REQUESTS);
    exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_AFTER_SECONDS);
    exchange.endExchange();
  }
}
