package dev.tidepool.worker;

import dev.tidepool.app.Deadline;
import dev.tidepool.app.WarmUp;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

/**
 * The outermost handler: knows of each request which connection it is on, from its first to its
 * last moment, and counts it.
 */
final class RequestTracking implements HttpHandler {
  private final ConnectionTable connections;
  private final Totals totals;
  private final ActiveRequests requests;
  private final Refusals refusals;
  private final ForwardedHeaders forwarded;
  private final HttpHandler next;

  RequestTracking(
      ConnectionTable connections,
      Totals totals,
      ActiveRequests requests,
      Refusals refusals,
      ForwardedHeaders forwarded,
      HttpHandler next) {
    this.connections = connections;
    this.totals = totals;
    this.requests = requests;
    this.refusals = refusals;
    this.forwarded = forwarded;
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    var server = (AbstractServerConnection) exchange.getConnection();
    TrackedConnection connection = server.getAttachment(TrackedConnection.KEY);
    if (connection == null) {
      connection = connections.of(server.getChannel());
      server.putAttachment(TrackedConnection.KEY, connection);
    }
    track(exchange, connection);
  }

  /** Of HTTP/2, where each request has a server connection of its own. */
  void handle(HttpServerExchange exchange, TrackedConnection connection) throws Exception {
    exchange.getConnection().putAttachment(TrackedConnection.KEY, connection);
    track(exchange, connection);
  }

  private void track(HttpServerExchange exchange, TrackedConnection connection) throws Exception {
    connection.requestStarted(exchange.getConnection(), exchange);
    var request = new ActiveRequest(connection, exchange, System.nanoTime(), requests);
    // First added, so it runs last: when the app and the session are done with the request.
    exchange.addExchangeCompleteListener(request);
    exchange.setDispatchExecutor(request);
    exchange.putAttachment(Deadline.KEY, request);
    exchange.addResponseWrapper(request);
    if (connection.source() != null) {
      exchange.setSourceAddress(connection.source());
      exchange.setDestinationAddress(connection.destination());
    }
    if (connection.warmUp) {
      WarmUp.mark(exchange);
    } else {
      totals.started.increment();
    }
    forwarded.apply(exchange, connection);
    requests.begins(request);
    try {
      if (connection.warmUp || !refusals.refuse(exchange)) {
        next.handleRequest(exchange);
      }
    } finally {
      requests.leaves(request);
    }
  }
}
