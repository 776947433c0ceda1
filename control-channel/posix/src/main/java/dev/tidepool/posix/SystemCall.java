package dev.tidepool.posix;

import com.sun.jna.LastErrorException;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** How every call is made: again after EINTR, with its name and object in the failure. */
final class SystemCall {
  private SystemCall() {}

  static int run(Supplier<String> what, IntSupplier call) {
    while (true) {
      try {
        return call.getAsInt();
      } catch (LastErrorException e) {
        if (e.getErrorCode() != Errno.EINTR) {
          throw failure(what.get(), e.getErrorCode());
        }
      }
    }
  }

  static PosixException failure(String what, int errno) {
    return new PosixException(what + " failed: " + LibC.strerror(errno), errno);
  }
}
