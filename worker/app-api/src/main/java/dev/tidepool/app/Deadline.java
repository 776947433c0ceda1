package dev.tidepool.app;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time that a request may take: {@code request.soft-timeout} and {@code hard-timeout}. */
public interface Deadline {
  /** Where the worker leaves it. */
  AttachmentKey<Deadline> KEY = AttachmentKey.create(Deadline.class);

  /** Puts both limits off, counted from where they are now. Any thread. */
  void extend(Duration more);

  /** Gives a request more time; one that has no limits, in a test for example, needs none. */
  static void extend(HttpServerExchange exchange, Duration more) {
    @Nullable Deadline deadline = exchange.getAttachment(KEY);
    if (deadline != null) {
      deadline.extend(more);
    }
  }
}
