package dev.tidepool.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.tidepool.posix.Posix.Received;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thread's native memory for sendmsg(2) and recvmsg(2), made once and used for every message.
 *
 * <pre>
 *  0       8          16     24       32        40            48      56      64    72
 *  | name* | name len | iov* | iovlen | control* | controllen | flags | base* | len | control ...
 *  '---------------------------- msghdr -----------------------------'--- iovec ---'
 *
 *  control:  0     8       12     16
 *            | len | level | type | descriptors ...
 * </pre>
 */
final class SocketMessages {
  private static final ThreadLocal<SocketMessages> OF_THREAD =
      ThreadLocal.withInitial(SocketMessages::new);

  private static final int IOV = 16;
  private static final int IOV_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int DATA = 56;
  private static final int DATA_LENGTH = 64;
  private static final int FIRST_CONTROL = 72;
  private static final int CONTROL_HEADER = 16;

  private static final int MAX_FDS = 253; // SCM_MAX_FD of the kernel
  private static final int CONTROL_SPACE = CONTROL_HEADER + align(Integer.BYTES * MAX_FDS);

  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  private static final int SCRATCH_BYTES = 8 * 1024;
  private static final int MAX_SCRATCH_BYTES = 256 * 1024; // more than a packet can hold

  private final ByteBuffer header = direct(FIRST_CONTROL + CONTROL_SPACE);
  private final long headerAddress = address(header);
  private ByteBuffer scratch = direct(SCRATCH_BYTES);

  private SocketMessages() {
    header.putLong(IOV, headerAddress + DATA).putLong(IOV_COUNT, 1);
  }

  static SocketMessages ofThread() {
    return OF_THREAD.get();
  }

  boolean send(int socket, ByteBuffer data, int... fds) {
    if (!data.hasRemaining() || fds.length > MAX_FDS) {
      throw new IllegalArgumentException(
          "a message has 1 byte at least and %d descriptors at most, not %d and %d"
              .formatted(MAX_FDS, data.remaining(), fds.length));
    }
    if (data.isDirect()) {
      setData(address(data) + data.position(), data.remaining());
    } else {
      int length = reserve(data.remaining());
      scratch.put(0, data, data.position(), length);
      setData(address(scratch), length);
    }
    setRights(fds);
    while (true) {
      long sent = LibC.sendmsg(socket, headerAddress, MSG_NOSIGNAL);
      if (sent >= 0) {
        data.position(data.position() + (int) sent);
        return true;
      }
      int errno = Native.getLastError();
      if (errno == Errno.EAGAIN) {
        return false;
      }
      if (errno != Errno.EINTR) {
        throw SystemCall.failure(
            "sendmsg(fd=%d, %d bytes, %d descriptors)"
                .formatted(socket, data.remaining(), fds.length),
            errno);
      }
    }
  }

  Optional<Received> receive(int socket, ByteBuffer data, boolean wait, JnaFiles files) {
    if (!data.hasRemaining()) {
      throw new IllegalArgumentException("no room to receive into");
    }
    int length = data.remaining();
    if (data.isDirect()) {
      setData(address(data) + data.position(), length);
    } else {
      length = reserve(length);
      setData(address(scratch), length);
    }
    int received = receive(socket, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    if (received < 0) {
      return Optional.empty();
    }
    List<Integer> fds = rights();
    int flags = header.getInt(FLAGS);
    if ((flags & (MSG_CTRUNC | MSG_TRUNC)) != 0) {
      fds.forEach(files::close);
      throw (flags & MSG_TRUNC) != 0
          ? SystemCall.failure("recvmsg(fd=%d, %d bytes)".formatted(socket, length), Errno.EMSGSIZE)
          : SystemCall.failure(
              "recvmsg(fd=%d), descriptors were lost,".formatted(socket), Errno.EMFILE);
    }
    if (data.isDirect()) {
      data.position(data.position() + received);
    } else {
      data.put(data.position(), scratch, 0, received).position(data.position() + received);
    }
    return Optional.of(new Received(received, fds));
  }

  private int receive(int socket, int flags) {
    while (true) {
      header.putLong(CONTROL, headerAddress + FIRST_CONTROL).putLong(CONTROL_LENGTH, CONTROL_SPACE);
      long received = LibC.recvmsg(socket, headerAddress, flags);
      if (received >= 0) {
        return (int) received;
      }
      int errno = Native.getLastError();
      if (errno == Errno.EAGAIN) {
        return -1;
      }
      if (errno != Errno.EINTR) {
        throw SystemCall.failure("recvmsg(fd=" + socket + ")", errno);
      }
    }
  }

  private void setRights(int... fds) {
    if (fds.length == 0) {
      header.putLong(CONTROL, 0).putLong(CONTROL_LENGTH, 0);
      return;
    }
    int bytes = Integer.BYTES * fds.length;
    header
        .putLong(CONTROL, headerAddress + FIRST_CONTROL)
        .putLong(CONTROL_LENGTH, CONTROL_HEADER + align(bytes))
        .putLong(FIRST_CONTROL, CONTROL_HEADER + bytes)
        .putInt(FIRST_CONTROL + 8, SOL_SOCKET)
        .putInt(FIRST_CONTROL + 12, SCM_RIGHTS);
    for (int i = 0; i < fds.length; i++) {
      header.putInt(FIRST_CONTROL + CONTROL_HEADER + Integer.BYTES * i, fds[i]);
    }
  }

  private List<Integer> rights() {
    int end = FIRST_CONTROL + (int) header.getLong(CONTROL_LENGTH);
    if (end == FIRST_CONTROL) {
      return List.of();
    }
    List<Integer> fds = new ArrayList<>();
    int at = FIRST_CONTROL;
    while (at + CONTROL_HEADER <= end) {
      int length = (int) header.getLong(at);
      if (header.getInt(at + 8) == SOL_SOCKET && header.getInt(at + 12) == SCM_RIGHTS) {
        for (int fd = at + CONTROL_HEADER; fd < at + length; fd += Integer.BYTES) {
          fds.add(header.getInt(fd));
        }
      }
      at += align(length);
    }
    return List.copyOf(fds);
  }

  private void setData(long address, int length) {
    header.putLong(DATA, address).putLong(DATA_LENGTH, length);
  }

  /** Makes room for up to {@code bytes} in the scratch memory and returns how many it takes. */
  private int reserve(int bytes) {
    int wanted = Math.min(bytes, MAX_SCRATCH_BYTES);
    if (wanted > scratch.capacity()) {
      scratch = direct(wanted);
    }
    return wanted;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  /** Control messages start at multiples of 8. */
  private static int align(int bytes) {
    return (bytes + 7) & ~7;
  }
}
