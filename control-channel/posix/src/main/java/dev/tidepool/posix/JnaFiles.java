package dev.tidepool.posix;

import static dev.tidepool.posix.SystemCall.run;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.tidepool.posix.Posix.User;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Descriptors, files, users and groups. */
final class JnaFiles {
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_NOCTTY = 0x100;
  private static final int O_APPEND = 0x400;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int LOG_MODE = 0640;
  private static final int MODE_BITS = 07777;

  private static final int GROUP_BYTES = 32; // struct group: name*, password*, gid, members*
  private static final int GROUP_ID = 16;

  // struct passwd: name*, password*, uid, gid, comment*, home*, shell*
  private static final int USER_BYTES = 48;
  private static final int USER_ID = 16;
  private static final int USER_GROUP = 20;
  private static final int USER_HOME = 32;
  private static final int MAX_TEXT = 1 << 20;

  void close(int fd) {
    try {
      LibC.close(fd);
    } catch (LastErrorException e) {
      // After EINTR Linux has closed it, and the number may already be someone else's.
      if (e.getErrorCode() != Errno.EINTR) {
        throw SystemCall.failure("close(fd=" + fd + ")", e.getErrorCode());
      }
    }
  }

  int duplicate(int fd) {
    return run(
        () -> "fcntl(fd=" + fd + ", F_DUPFD_CLOEXEC)", () -> LibC.fcntl(fd, F_DUPFD_CLOEXEC, 0));
  }

  void allocate(Path file, long length) {
    int fd =
        run(() -> "open(" + file + ")", () -> LibC.open(file.toString(), O_RDWR | O_CLOEXEC, 0));
    try {
      int errno = LibC.posix_fallocate(fd, 0, length);
      if (errno != 0) {
        throw SystemCall.failure("posix_fallocate(" + file + ", " + length + " bytes)", errno);
      }
    } finally {
      close(fd);
    }
  }

  void redirectOutput(Path file) {
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
    int fd = run(() -> "open(" + file + ")", () -> LibC.open(file.toString(), flags, LOG_MODE));
    redirectOutput(fd);
  }

  void redirectOutput(int fd) {
    try {
      for (int output = 1; output <= 2; output++) {
        int to = output;
        run(() -> "dup2(fd=" + fd + ", fd=" + to + ")", () -> LibC.dup2(fd, to));
      }
    } finally {
      close(fd);
    }
  }

  int openDescriptors() {
    String[] names = new File("/proc/self/fd").list();
    if (names == null) {
      throw new PosixException("/proc/self/fd cannot be listed", Errno.EIO);
    }
    return names.length - 1; // one of them was open for the list
  }

  boolean onTerminal() {
    try {
      close(LibC.open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC, 0));
      return true;
    } catch (LastErrorException e) {
      return false;
    }
  }

  OptionalInt groupId(String name) {
    byte[] group = new byte[GROUP_BYTES];
    long[] found = new long[1];
    int errno = Errno.ERANGE;
    for (int room = 1024; errno == Errno.ERANGE && room <= MAX_TEXT; room *= 4) {
      errno = LibC.getgrnam_r(name, group, new byte[room], room, found);
    }
    if (found[0] != 0) {
      return OptionalInt.of(ByteBuffer.wrap(group).order(ByteOrder.nativeOrder()).getInt(GROUP_ID));
    }
    requireNotFound(errno, "getgrnam(" + name + ")");
    return OptionalInt.empty();
  }

  Optional<User> user(String name) {
    byte[] user = new byte[USER_BYTES];
    long[] found = new long[1];
    int errno = Errno.ERANGE;
    for (int room = 1024; errno == Errno.ERANGE && room <= MAX_TEXT; room *= 4) {
      try (Memory texts = new Memory(room)) {
        errno = LibC.getpwnam_r(name, user, Pointer.nativeValue(texts), room, found);
        if (found[0] != 0) {
          var entry = ByteBuffer.wrap(user).order(ByteOrder.nativeOrder());
          String home = new Pointer(entry.getLong(USER_HOME)).getString(0);
          return Optional.of(
              new User(name, entry.getInt(USER_ID), entry.getInt(USER_GROUP), Path.of(home)));
        }
      }
    }
    requireNotFound(errno, "getpwnam(" + name + ")");
    return Optional.empty();
  }

  private static void requireNotFound(int errno, String what) {
    if (errno != 0 && errno != Errno.ENOENT && errno != Errno.ESRCH) {
      throw SystemCall.failure(what, errno);
    }
  }

  void setOwner(Path file, int uid, int gid) {
    run(
        () -> "lchown(" + file + ", uid=" + uid + ", gid=" + gid + ")",
        () -> LibC.lchown(file.toString(), uid, gid));
  }

  void setMode(Path file, int mode) {
    run(
        () -> "chmod(%s, %o)".formatted(file, mode),
        () -> LibC.chmod(file.toString(), mode & MODE_BITS));
  }
}
