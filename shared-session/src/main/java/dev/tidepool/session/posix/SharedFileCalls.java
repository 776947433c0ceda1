package dev.tidepool.session.posix;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Allocation and waiting on mapped files. Failures throw {@code PosixException} with errno. */
public interface SharedFileCalls {

  /** The implementation for this process. */
  static SharedFileCalls get() {
    return JnaSharedFileCalls.INSTANCE;
  }

  /**
   * Gives every byte of {@code file} up to {@code length} a place on its file system, so that a
   * later write through a mapping cannot end in SIGBUS; posix_fallocate(3).
   *
   * @throws dev.tidepool.posix.PosixException with ENOSPC if there is no room
   */
  void allocate(Path file, long length);

  /** Address of the first byte of a direct or mapped buffer; valid while it is reachable. */
  long addressOf(ByteBuffer buffer);

  /**
   * Waits while the 32-bit word at {@code address} holds {@code expected}, at most {@code nanos};
   * futex(2) FUTEX_WAIT. Returns early for no reason at times: look at the word again.
   */
  void await(long address, int expected, long nanos);

  /** Wakes at most {@code waiters} that wait on {@code address} in any process; futex(2). */
  void wake(long address, int waiters);
}
