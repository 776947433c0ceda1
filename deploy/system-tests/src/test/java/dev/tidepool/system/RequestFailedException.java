package dev.tidepool.system;

import java.io.IOException;

/** A request that got no whole answer. */
final class RequestFailedException extends IOException {
  private static final long serialVersionUID = 1;

  private final Failure failure;

  RequestFailedException(Failure failure, String what, IOException cause) {
    super(failure + ": " + what + ": " + cause.getMessage(), cause);
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }
}
