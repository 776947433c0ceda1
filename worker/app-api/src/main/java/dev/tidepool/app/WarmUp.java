package dev.tidepool.app;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;

/** Tells requests that the worker sends to itself from those of clients. */
public final class WarmUp {
  private static final AttachmentKey<Boolean> KEY = AttachmentKey.create(Boolean.class);

  private WarmUp() {}

  /** True if the worker made this request itself: to warm up, or to check its health. */
  public static boolean isWarmUp(HttpServerExchange exchange) {
    return Boolean.TRUE.equals(exchange.getAttachment(KEY));
  }

  /** For the worker: marks its own request. */
  public static void mark(HttpServerExchange exchange) {
    exchange.putAttachment(KEY, true);
  }
}
