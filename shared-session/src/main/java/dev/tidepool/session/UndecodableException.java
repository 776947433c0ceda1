package dev.tidepool.session;

/** An attribute cannot be read: its class is missing, has changed too much, or is not allowed. */
public final class UndecodableException extends Exception {
  public UndecodableException(String message, Throwable cause) {
    super(message, cause);
  }

  public UndecodableException(String message) {
    super(message);
  }
}
