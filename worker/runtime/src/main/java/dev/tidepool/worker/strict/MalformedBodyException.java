package dev.tidepool.worker.strict;

import java.io.IOException;

/** The body of a request breaks off, or its framing is not what RFC 9112 asks for. */
final class MalformedBodyException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedBodyException(String message) {
    super(message);
  }
}
