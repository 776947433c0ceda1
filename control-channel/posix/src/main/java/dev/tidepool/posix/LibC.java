package dev.tidepool.posix;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The C library, mapped directly. Addresses are longs: Linux on 64 bits only (LP64). Arrays are
 * copied in and out by JNA, which is right for small structures off the hot path.
 */
final class LibC {
  static {
    Native.register(LibC.class, Platform.C_LIBRARY_NAME);
  }

  private LibC() {}

  static native int socket(int family, int type, int protocol) throws LastErrorException;

  static native int socketpair(int family, int type, int protocol, int[] fds)
      throws LastErrorException;

  static native int setsockopt(int fd, int level, int option, int[] value, int length)
      throws LastErrorException;

  static native int getsockopt(int fd, int level, int option, int[] value, int[] length)
      throws LastErrorException;

  static native int bind(int fd, byte[] address, int length) throws LastErrorException;

  static native int listen(int fd, int backlog) throws LastErrorException;

  static native int connect(int fd, byte[] address, int length) throws LastErrorException;

  static native int shutdown(int fd, int how) throws LastErrorException;

  static native int getsockname(int fd, byte[] address, int[] length) throws LastErrorException;

  // These two report failure by -1 and Native.getLastError(): EAGAIN is their everyday answer, and
  // making an exception of it would cost more than the call.
  static native long sendmsg(int fd, long header, int flags);

  static native long recvmsg(int fd, long header, int flags);

  static native int ioctl(int fd, long request, int[] value) throws LastErrorException;

  static native int epoll_ctl(int epoll, int operation, int fd, byte[] event)
      throws LastErrorException;

  static native int open(String path, int flags, int mode) throws LastErrorException;

  static native int close(int fd) throws LastErrorException;

  static native int fcntl(int fd, int command, int argument) throws LastErrorException;

  static native int dup2(int from, int to) throws LastErrorException;

  static native int chmod(String path, int mode) throws LastErrorException;

  static native int lchown(String path, int uid, int gid) throws LastErrorException;

  static native long read(int fd, byte[] into, long length) throws LastErrorException;

  static native int setpgid(int pid, int group) throws LastErrorException;

  static native int kill(int pid, int signal) throws LastErrorException;

  static native int waitpid(int pid, int[] status, int options) throws LastErrorException;

  static native long syscall(long number, long first, long second) throws LastErrorException;

  static native long syscall(long number, long first, long second, long third, byte[] fourth)
      throws LastErrorException;

  static native int signalfd(int fd, byte[] mask, int flags) throws LastErrorException;

  static native int geteuid();

  static native int sched_getaffinity(int tid, long length, byte[] mask) throws LastErrorException;

  static native int setpriority(int which, int tid, int nice) throws LastErrorException;

  static native int sched_setaffinity(int tid, long length, byte[] mask) throws LastErrorException;

  // These return the error number or a text, and may leave errno set after a success.
  static native int posix_fallocate(int fd, long offset, long length);

  static native int pthread_sigmask(int how, byte[] mask, long old);

  static native int getgrnam_r(String name, byte[] group, byte[] texts, long length, long[] found);

  static native int getpwnam_r(String name, byte[] user, long texts, long length, long[] found);

  static native String strerror(int errno);
}
