package dev.tidepool.posix;

/**
 * A system call that failed: the message names call, object and reason; {@link #errno} the number.
 */
public final class PosixException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int errno;

  public PosixException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  /** The error number, errno(3). */
  public int errno() {
    return errno;
  }
}
