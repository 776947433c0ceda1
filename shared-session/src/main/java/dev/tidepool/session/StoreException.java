package dev.tidepool.session;

/** The session store could not do what it was asked; the message says what and where. */
public class StoreException extends RuntimeException {
  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
