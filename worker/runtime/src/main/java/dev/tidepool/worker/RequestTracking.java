package dev.tidepool.worker;

import dev.tidepool.app.WarmUp;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

/**
 * The outermost handler: knows of each request which connection it is on, from its first to its
 * last moment. It allocates nothing per request.
 */
final class RequestTracking implements HttpHandler, ExchangeCompletionListener {
  private final ConnectionTable connections;
  private final Goodbye goodbye;
  private final Totals totals;
  private final ForwardedHeaders forwarded;
  private final HttpHandler next;

  RequestTracking(
      ConnectionTable connections,
      Goodbye goodbye,
      Totals totals,
      ForwardedHeaders forwarded,
      HttpHandler next) {
    this.connections = connections;
    this.goodbye = goodbye;
    this.totals = totals;
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
    // First added, so it runs last: when the app and the session are done with the request.
    exchange.addExchangeCompleteListener(this);
    exchange.addResponseWrapper(goodbye);
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
    next.handleRequest(exchange);
  }

  @Override
  public void exchangeEvent(HttpServerExchange exchange, NextListener following) {
    try {
      TrackedConnection connection = exchange.getConnection().getAttachment(TrackedConnection.KEY);
      if (!connection.warmUp) {
        totals.served.increment();
      }
      connection.requestFinished();
    } finally {
      following.proceed();
    }
  }
}
