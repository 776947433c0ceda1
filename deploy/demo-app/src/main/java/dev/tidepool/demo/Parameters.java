package dev.tidepool.demo;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Deque;

/** Query parameters that are numbers. */
final class Parameters {
  private Parameters() {}

  /** 0 or more; {@code absent} if there is none; -1 if it is no such number. */
  static int number(HttpServerExchange exchange, String name, int absent) {
    Deque<String> values = exchange.getQueryParameters().get(name);
    if (values == null) {
      return absent;
    }
    try {
      return Math.max(-1, Integer.parseInt(values.getFirst()));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  static void refuse(HttpServerExchange exchange, String name) {
    exchange.setStatusCode(StatusCodes.BAD_REQUEST);
    Pages.text(exchange, name + ": expected a whole number, 0 or more\n");
  }
}
