package dev.tidepool.control;

import java.io.IOException;

/**
 * The other side broke the protocol; the message says what was read and what was needed. The
 * connection is of no use any more and should be closed.
 */
public final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1;

  public ProtocolException(String message) {
    super(message);
  }
}
