package dev.tidepool.worker;

import dev.tidepool.app.Deadline;
import dev.tidepool.app.WarmUp;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The outermost handler: knows of each request which connection it is on, from its first to its
 * last moment, and counts it.
 */
final class RequestTracking implements HttpHandler {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final ConnectionTable connections;
  private final Totals totals;
  private final ActiveRequests requests;
  private final Refusals refusals;
  private final HttpHandler next;

  RequestTracking(
      ConnectionTable connections,
      Totals totals,
      ActiveRequests requests,
      Refusals refusals,
      HttpHandler next) {
    this.connections = connections;
    this.totals = totals;
    this.requests = requests;
    this.refusals = refusals;
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
    connection.requestStarted(server, exchange);
    var request = new ActiveRequest(connection, exchange, System.nanoTime(), requests);
    // First added, so it runs last: when the app and the session are done with the request.
    exchange.addExchangeCompleteListener(request);
    exchange.setDispatchExecutor(request);
    exchange.putAttachment(Deadline.KEY, request);
    exchange.addResponseWrapper(request);
    if (connection.unix) {
      exchange.setSourceAddress(LOOPBACK);
      exchange.setDestinationAddress(LOOPBACK);
    }
    if (connection.warmUp) {
      WarmUp.mark(exchange);
    } else {
      totals.started.increment();
    }
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
