package dev.tidepool.posix;

import static dev.tidepool.posix.SystemCall.run;

import com.sun.jna.Platform;
import dev.tidepool.posix.Posix.FdPair;
import dev.tidepool.posix.Posix.PeerCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opening sockets and asking about them. */
final class JnaSockets {
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;

  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_PEERCRED = 17;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_INFO = 11;
  private static final int TCPI_UNACKED = 6; // of a listening socket: its accept queue
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  private static final int SHUT_RDWR = 2;
  private static final long FIONREAD = 0x541B;

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 1;
  private static final int EPOLLEXCLUSIVE = 1 << 28;

  private final JnaFiles files;

  JnaSockets(JnaFiles files) {
    this.files = files;
  }

  int listenTcp(InetSocketAddress address, int backlog) {
    if (address.isUnresolved()) {
      throw new PosixException(
          "bind(" + address.getHostString() + ":" + address.getPort() + ") failed: unknown host",
          Errno.EADDRNOTAVAIL);
    }
    String name = SocketAddresses.text(address);
    int family = SocketAddresses.family(address);
    int fd = open(family, SOCK_STREAM | SOCK_NONBLOCK);
    return closedOnFailure(
        fd,
        () -> {
          enable(fd, SOL_SOCKET, SO_REUSEADDR);
          enable(fd, IPPROTO_TCP, TCP_NODELAY); // accepted sockets inherit it
          if (family == SocketAddresses.AF_INET6) {
            enable(fd, IPPROTO_IPV6, IPV6_V6ONLY);
          }
          bind(fd, name, SocketAddresses.encode(address));
          run(() -> "listen(" + name + ")", () -> LibC.listen(fd, backlog));
        });
  }

  int listenUnix(Path path, int mode, int backlog) {
    byte[] address = SocketAddresses.encode(path);
    int fd = open(SocketAddresses.AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK);
    return closedOnFailure(
        fd,
        () -> {
          bind(fd, "unix:" + path, address);
          try {
            // Nobody can connect before listen, so there is no moment with the wrong mode.
            files.setMode(path, mode);
            run(() -> "listen(unix:" + path + ")", () -> LibC.listen(fd, backlog));
          } catch (PosixException e) {
            try {
              Files.deleteIfExists(path);
            } catch (IOException left) {
              e.addSuppressed(left);
            }
            throw e;
          }
        });
  }

  boolean answers(Path path) {
    byte[] address = SocketAddresses.encode(path);
    // Non-blocking, since connect waits as long as the queue of the other side is full.
    int fd = open(SocketAddresses.AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK);
    try {
      run(() -> "connect(unix:" + path + ")", () -> LibC.connect(fd, address, address.length));
      return true;
    } catch (PosixException e) {
      return switch (e.errno()) {
        case Errno.ECONNREFUSED, Errno.ENOENT -> false;
        case Errno.EAGAIN -> true;
        default -> throw e;
      };
    } finally {
      files.close(fd);
    }
  }

  int connectUnix(Path path) {
    byte[] address = SocketAddresses.encode(path);
    int fd = open(SocketAddresses.AF_UNIX, SOCK_STREAM);
    return closedOnFailure(
        fd,
        () ->
            run(
                () -> "connect(unix:" + path + ")",
                () -> LibC.connect(fd, address, address.length)));
  }

  void disconnect(int socket) {
    try {
      run(() -> "shutdown(fd=" + socket + ")", () -> LibC.shutdown(socket, SHUT_RDWR));
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOTCONN) { // the other side was first
        throw e;
      }
    }
  }

  InetSocketAddress localAddress(int fd) {
    byte[] address = new byte[SocketAddresses.MAX_LENGTH];
    int[] length = {address.length};
    run(() -> "getsockname(fd=" + fd + ")", () -> LibC.getsockname(fd, address, length));
    return SocketAddresses.decode(fd, address);
  }

  FdPair packetPair() {
    return pair(SOCK_SEQPACKET | SOCK_NONBLOCK);
  }

  FdPair streamPair() {
    return pair(SOCK_STREAM);
  }

  int waitingConnections(int fd) {
    int[] info = new int[TCPI_UNACKED + 1]; // the kernel fills in as much as there is room for
    int[] length = {Integer.BYTES * info.length};
    run(
        () -> "getsockopt(fd=" + fd + ", TCP_INFO)",
        () -> LibC.getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, length));
    return info[TCPI_UNACKED];
  }

  PeerCredentials peerCredentials(int socket) {
    int[] credentials = new int[3]; // struct ucred: pid, uid, gid
    int[] length = {Integer.BYTES * credentials.length};
    run(
        () -> "getsockopt(fd=" + socket + ", SO_PEERCRED)",
        () -> LibC.getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, length));
    return new PeerCredentials(credentials[0], credentials[1], credentials[2]);
  }

  int readableBytes(int socket) {
    int[] bytes = new int[1];
    run(() -> "ioctl(fd=" + socket + ", FIONREAD)", () -> LibC.ioctl(socket, FIONREAD, bytes));
    return bytes[0];
  }

  void wakeExclusively(int epoll, int fd) {
    // The kernel takes the flag only when a descriptor is added. The JDK's selector finds its key
    // by the descriptor in the event's data. struct epoll_event is packed on x86-64 only.
    boolean packed = Platform.isIntel();
    var event = ByteBuffer.allocate(packed ? 12 : 16).order(ByteOrder.nativeOrder());
    event.putInt(0, EPOLLIN | EPOLLEXCLUSIVE).putInt(packed ? 4 : 8, fd);
    control(epoll, EPOLL_CTL_DEL, "DEL", fd, event.array());
    control(epoll, EPOLL_CTL_ADD, "ADD", fd, event.array());
  }

  private static void control(int epoll, int operation, String name, int fd, byte[] event) {
    run(
        () -> "epoll_ctl(epoll=" + epoll + ", " + name + ", fd=" + fd + ")",
        () -> LibC.epoll_ctl(epoll, operation, fd, event));
  }

  private static FdPair pair(int type) {
    int[] fds = new int[2];
    run(
        () -> "socketpair()",
        () -> LibC.socketpair(SocketAddresses.AF_UNIX, type | SOCK_CLOEXEC, 0, fds));
    return new FdPair(fds[0], fds[1]);
  }

  private static int open(int family, int type) {
    return run(
        () -> "socket(family=" + family + ")", () -> LibC.socket(family, type | SOCK_CLOEXEC, 0));
  }

  private static void bind(int fd, String name, byte[] address) {
    run(() -> "bind(" + name + ")", () -> LibC.bind(fd, address, address.length));
  }

  private static void enable(int fd, int level, int option) {
    int[] on = {1};
    run(
        () -> "setsockopt(fd=" + fd + ", level=" + level + ", option=" + option + ")",
        () -> LibC.setsockopt(fd, level, option, on, Integer.BYTES));
  }

  private int closedOnFailure(int fd, Runnable setUp) {
    boolean done = false;
    try {
      setUp.run();
      done = true;
      return fd;
    } finally {
      if (!done) {
        files.close(fd);
      }
    }
  }
}
