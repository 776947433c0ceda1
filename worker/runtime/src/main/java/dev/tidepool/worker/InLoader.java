package dev.tidepool.worker;

import dev.tidepool.app.Deadline;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

/**
 * One of several apps: its requests run with its class loader as that of their threads. Those of
 * the only app need no such thing, since all threads have its loader.
 */
final class InLoader implements HttpHandler {
  private final ClassLoader loader;
  private final HttpHandler app;

  InLoader(ClassLoader loader, HttpHandler app) {
    this.loader = loader;
    this.app = app;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (exchange.getAttachment(Deadline.KEY) instanceof ActiveRequest request) {
      request.loader(loader);
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      app.handleRequest(exchange);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
