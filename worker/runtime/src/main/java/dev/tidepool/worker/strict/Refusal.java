package dev.tidepool.worker.strict;

import io.undertow.server.Connectors;
import io.undertow.server.DefaultResponseListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;

/** How a request ends that cannot be served: one answer, and no further request is read. */
final class Refusal {
  private static final AttachmentKey<IOException> BODY = AttachmentKey.create(IOException.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private Refusal() {}

  /** Answers at once, without the body, which may never come. */
  static void answer(HttpServerExchange exchange, int status) {
    exchange.setStatusCode(status);
    if (exchange.isPersistent()) {
      exchange.setPersistent(false);
      exchange.addExchangeCompleteListener(LingeringClose.INSTANCE);
    }
    Connectors.terminateRequest(exchange);
    exchange.endExchange();
  }

  /** No more of the body will be read; the answer is still open. */
  static void giveUpBody(HttpServerExchange exchange, IOException reason) {
    exchange.putAttachment(BODY, reason);
    if (exchange.isPersistent()) {
      exchange.setPersistent(false);
      exchange.addExchangeCompleteListener(LingeringClose.INSTANCE);
    }
    Connectors.terminateRequest(exchange);
  }

  /**
   * Mends answers that nobody has written: after a bad body Undertow's would be 500, or even 200;
   * 503 when the queue of tasks is full would not say when to come again.
   */
  static final DefaultResponseListener UNANSWERED =
      exchange -> {
        IOException body = exchange.getAttachment(BODY);
        if (body != null) {
          exchange.setStatusCode(
              body instanceof RequestTooBigException
                  ? StatusCodes.REQUEST_ENTITY_TOO_LARGE
                  : StatusCodes.BAD_REQUEST);
        } else if (exchange.getStatusCode() == StatusCodes.SERVICE_UNAVAILABLE
            && !exchange.getResponseHeaders().contains(Headers.RETRY_AFTER)) {
          exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return false;
      };
}
