package dev.tidepool.session;

/** A lock was not free before its deadline. The message names slot, pid and age of the holder. */
public final class LockTimeoutException extends StoreException {
  public LockTimeoutException(String message) {
    super(message);
  }
}
