package dev.tidepool.posix;

import static dev.tidepool.posix.SystemCall.run;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Words in memory that processes share, and those who wait for them to change: never with
 * FUTEX_PRIVATE. Robust ones are marked by the kernel when the thread that holds them ends; see
 * robust-futexes in its documentation.
 */
final class JnaFutexes {

  /** Of system calls, which are numbered by architecture. */
  private record Numbers(long setRobustList, long futex, long gettid) {
    static Numbers here() {
      return switch (Platform.ARCH) {
        case "x86-64" -> new Numbers(273, 202, 186);
        case "aarch64", "riscv64" -> new Numbers(99, 98, 178);
        default ->
            throw new PosixException(
                "the number of futex(2) is not known on " + Platform.ARCH, Errno.ENOSYS);
      };
    }
  }

  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final int OWNER_DIED = 0x40000000;
  private static final int WAITERS = 0x80000000;
  private static final long FUTEX_WAIT = 0;
  private static final long FUTEX_WAKE = 1;
  private static final byte[] NO_TIME = {};

  // struct robust_list_head { next; long futex_offset; pending }, then one struct robust_list
  private static final int HEAD_BYTES = 24;
  private static final int LIST_BYTES = 32;
  private static final int OFFSET = 8;
  private static final int PENDING = 16;
  private static final int ENTRY = 24;

  long addressOf(ByteBuffer buffer) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
  }

  void awaitChange(long address, int expected, long nanos) {
    long number = Numbers.here().futex;
    var time = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()); // struct timespec
    time.putLong(nanos / TimeUnit.SECONDS.toNanos(1)).putLong(nanos % TimeUnit.SECONDS.toNanos(1));
    try {
      LibC.syscall(number, address, FUTEX_WAIT, expected, time.array());
    } catch (LastErrorException e) {
      int errno = e.getErrorCode();
      if (errno != Errno.EAGAIN && errno != Errno.EINTR && errno != Errno.ETIMEDOUT) {
        throw SystemCall.failure("futex(FUTEX_WAIT)", errno);
      }
    }
  }

  void wake(long address, int waiters) {
    long number = Numbers.here().futex;
    run(
        () -> "futex(FUTEX_WAKE)",
        () -> (int) LibC.syscall(number, address, FUTEX_WAKE, waiters, NO_TIME));
  }

  void hold(ByteBuffer word) {
    Numbers numbers = Numbers.here();
    long address = addressOf(word);
    // Never freed: the kernel reads it when the thread ends.
    var list = new Pointer(Native.malloc(LIST_BYTES));
    long head = Pointer.nativeValue(list);
    list.setLong(0, head + ENTRY);
    list.setLong(OFFSET, address - (head + ENTRY));
    list.setLong(PENDING, 0);
    list.setLong(ENTRY, head);
    // Takes the place of the C library's own list, which is for robust mutexes only.
    run(
        () -> "set_robust_list()",
        () -> (int) LibC.syscall(numbers.setRobustList, head, HEAD_BYTES));
    WORD.setVolatile(word, 0, (int) LibC.syscall(numbers.gettid, 0, 0));
    wake(address, Integer.MAX_VALUE);
  }

  static boolean isAbandoned(int word) {
    return (word & OWNER_DIED) != 0;
  }

  boolean awaitAbandoned(ByteBuffer word, Duration limit) {
    long address = addressOf(word);
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      int seen = (int) WORD.getVolatile(word, 0);
      if (isAbandoned(seen)) {
        return true;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      // Who holds it wakes those that found it free; the kernel those that said that they wait.
      int expected = seen == 0 ? 0 : seen | WAITERS;
      if (seen == expected || WORD.compareAndSet(word, 0, seen, expected)) {
        awaitChange(address, expected, left);
      }
    }
  }
}
