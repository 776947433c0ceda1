package dev.tidepool.system;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import dev.tidepool.app.WarmUp;
import io.undertow.server.HttpHandler;

/** An app that warms up well, and takes its worker down with the first request of a client. */
public final class DiesServingApp implements App {
  @Override
  public HttpHandler start(AppContext context) {
    return exchange -> {
      if (!WarmUp.isWarmUp(exchange)) {
        Runtime.getRuntime().halt(43);
      }
    };
  }
}
