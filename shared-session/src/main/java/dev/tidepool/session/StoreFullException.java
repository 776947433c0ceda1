package dev.tidepool.session;

/**
 * A value did not fit: the pool holds as many sessions as configured, the value is longer than the
 * maximum, or its segment is full. What was stored before is unchanged.
 */
public final class StoreFullException extends StoreException {
  public StoreFullException(String message) {
    super(message);
  }
}
