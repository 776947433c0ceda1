package dev.tidepool.session.posix;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.tidepool.posix.PosixException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** glibc through JNA. Futex calls leave out FUTEX_PRIVATE: waiters are in several processes. */
final class JnaSharedFileCalls implements SharedFileCalls {
  static final JnaSharedFileCalls INSTANCE = new JnaSharedFileCalls();

  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ENOSYS = 38;
  private static final int ETIMEDOUT = 110;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int TIMESPEC_BYTES = 16;

  private final LibC libc = Native.load("c", LibC.class);
  private final NativeLong futex = new NativeLong(futexNumber());
  private final ThreadLocal<Memory> timespec =
      ThreadLocal.withInitial(() -> new Memory(TIMESPEC_BYTES));

  private JnaSharedFileCalls() {}

  @Override
  public void allocate(Path file, long length) {
    int fd;
    try {
      fd = libc.open(file.toString(), O_RDWR | O_CLOEXEC);
    } catch (LastErrorException e) {
      throw new PosixException("open(" + file + ") failed: " + e.getMessage(), e.getErrorCode());
    }
    try {
      int error = libc.posix_fallocate(fd, 0, length);
      if (error != 0) {
        throw new PosixException(
            "posix_fallocate(" + file + ", " + length + " bytes) failed: errno " + error, error);
      }
    } finally {
      libc.close(fd);
    }
  }

  @Override
  public long addressOf(ByteBuffer buffer) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
  }

  @Override
  public void await(long address, int expected, long nanos) {
    Memory limit = timespec.get();
    limit.setLong(0, nanos / 1_000_000_000);
    limit.setLong(8, nanos % 1_000_000_000);
    try {
      libc.syscall(futex, new Pointer(address), FUTEX_WAIT, expected, limit);
    } catch (LastErrorException e) {
      int errno = e.getErrorCode();
      if (errno != EAGAIN && errno != EINTR && errno != ETIMEDOUT) {
        throw new PosixException("futex(FUTEX_WAIT) failed: " + e.getMessage(), e.getErrorCode());
      }
    }
  }

  @Override
  public void wake(long address, int waiters) {
    try {
      libc.syscall(futex, new Pointer(address), FUTEX_WAKE, waiters, Pointer.NULL);
    } catch (LastErrorException e) {
      throw new PosixException("futex(FUTEX_WAKE) failed: " + e.getMessage(), e.getErrorCode());
    }
  }

  private static int futexNumber() {
    return switch (Platform.ARCH) {
      case "x86-64" -> 202;
      case "aarch64", "riscv64" -> 98;
      default -> throw new PosixException("no futex number known for " + Platform.ARCH, ENOSYS);
    };
  }

  private interface LibC extends Library {
    int open(String path, int flags) throws LastErrorException;

    int posix_fallocate(int fd, long offset, long length);

    int close(int fd) throws LastErrorException;

    NativeLong syscall(NativeLong number, Pointer word, int operation, int value, Pointer timeout)
        throws LastErrorException;
  }
}
