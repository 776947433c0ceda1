package dev.tidepool.posix;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The system calls of Tidepool. Descriptors are plain ints that their caller closes; all are made
 * close-on-exec. Failures throw {@link PosixException} with the call, its object and errno.
 */
public interface Posix {

  /** Longest path of a Unix socket; unix(7). */
  int MAX_SOCKET_PATH_BYTES = 107;

  /** The implementation for this process. */
  static Posix get() {
    return JnaPosix.INSTANCE;
  }

  // ---- sockets ----

  /** A non-blocking listening TCP socket: SO_REUSEADDR, TCP_NODELAY, v6 only for v6; tcp(7). */
  int listenTcp(InetSocketAddress address, int backlog);

  /** A non-blocking listening Unix socket at {@code path}, which must not exist; unix(7). */
  int listenUnix(Path path, int mode, int backlog);

  /** True if someone accepts on the Unix socket at {@code path}; false if refused or missing. */
  boolean answers(Path path);

  /** A blocking connection to the Unix socket at {@code path}; connect(2). */
  int connectUnix(Path path);

  /**
   * Ends a connection in both directions, which also wakes whoever waits in {@link #receive} on it;
   * the descriptor stays open. Never for a listening socket: it would end for all processes;
   * shutdown(2).
   */
  void disconnect(int socket);

  /** The address a TCP socket is bound to, with the port that the kernel chose; getsockname(2). */
  InetSocketAddress localAddress(int fd);

  /** Connections in the accept queue of a listening TCP socket: TCP_INFO, tcp(7). */
  int waitingConnections(int fd);

  /** A connected pair that keeps message borders, non-blocking: SOCK_SEQPACKET; socketpair(2). */
  FdPair packetPair();

  /** A connected stream pair, blocking; socketpair(2). */
  FdPair streamPair();

  /**
   * Sends {@code data} from its position, with {@code fds} attached to its first byte (SCM_RIGHTS),
   * never raising SIGPIPE; sendmsg(2). Advances the position by what was taken, which on a stream
   * may be less than all; descriptors go with the first part.
   *
   * @return false if a non-blocking socket would block (nothing was sent, nothing attached)
   */
  boolean send(int socket, ByteBuffer data, int... fds);

  /**
   * Reads into {@code data}, with any attached descriptors; recvmsg(2). Does not wait if the socket
   * is non-blocking or {@code wait} is false.
   *
   * @return empty if it would block; {@code bytes} 0 at the end of the stream
   * @throws PosixException EMSGSIZE if a packet is longer than the room in {@code data}, EMFILE if
   *     this process has no room for the descriptors; none that arrived is left open
   */
  Optional<Received> receive(int socket, ByteBuffer data, boolean wait);

  /** Who is at the other end of a Unix socket: SO_PEERCRED, unix(7). */
  PeerCredentials peerCredentials(int socket);

  /** Bytes that can be read from a socket without waiting: FIONREAD, tcp(7). */
  int readableBytes(int socket);

  /**
   * Re-adds a listening descriptor that is already in {@code epoll} for input with EPOLLEXCLUSIVE,
   * so that a connection wakes one process and not all; epoll_ctl(2).
   */
  void wakeExclusively(int epoll, int fd);

  // ---- descriptors ----

  void close(int fd);

  /** A close-on-exec duplicate; fcntl(2) F_DUPFD_CLOEXEC. */
  int duplicate(int fd);

  /**
   * Gives every byte of {@code file} up to {@code length} a place on its file system, so that a
   * later write through a mapping cannot end in SIGBUS; posix_fallocate(3).
   *
   * @throws PosixException ENOSPC if there is no room
   */
  void allocate(Path file, long length);

  /** Opens {@code file} for appending and puts it in the place of stdout and stderr; dup2(2). */
  void redirectOutput(Path file);

  /** Puts {@code fd} in the place of stdout and stderr, and closes it; dup2(2). */
  void redirectOutput(int fd);

  /** Descriptors that this process has open; /proc/self/fd. */
  int openDescriptors();

  // ---- memory that processes share ----

  /** Address of the first byte of a direct or mapped buffer; valid while it is reachable. */
  long addressOf(ByteBuffer buffer);

  /**
   * Waits while the 32-bit word at {@code address} holds {@code expected}, at most {@code nanos};
   * futex(2) FUTEX_WAIT. Returns early for no reason at times: look at the word again.
   *
   * @throws PosixException ENOSYS on other processors than x86-64, ARM64 and RISC-V
   */
  void awaitChange(long address, int expected, long nanos);

  /** Wakes at most {@code waiters} that wait on {@code address} in any process; futex(2). */
  void wake(long address, int waiters);

  /**
   * Takes a word for the calling thread for as long as that lives: 4 bytes at a multiple of 4 in a
   * mapping that processes share, which are 0. When the thread ends, alone or with its process, the
   * kernel marks the word and wakes {@link #awaitAbandoned}. Of a process that is killed, this says
   * so before the kernel frees its memory and closes its descriptors, which can take 10 ms; its
   * parent is told after that. A thread can hold one word; set_robust_list(2), futex(2).
   *
   * @throws PosixException ENOSYS as {@link #awaitChange}
   */
  void hold(ByteBuffer word);

  /** True if a thread that held this word has ended, by its value; see {@link #hold}. */
  static boolean isAbandoned(int word) {
    return JnaFutexes.isAbandoned(word);
  }

  /**
   * Waits until a thread that holds or will hold the word has ended; one process at a time. False
   * if the time is over; futex(2).
   *
   * @throws PosixException ENOSYS as {@link #awaitChange}
   */
  boolean awaitAbandoned(ByteBuffer word, Duration limit);

  // ---- processes ----

  int pid();

  /** Signals {@code pid}. Returns false if it is already gone (ESRCH); kill(2). */
  boolean kill(int pid, Signal signal);

  /** State, parent and start of {@code pid}, or empty if it is gone; proc(5), /proc/PID/stat. */
  Optional<ProcessStat> stat(int pid);

  /**
   * Takes the exit of exactly this child, if it has ended; waitpid(2) with WNOHANG.
   *
   * @return the exit code, or 128 + the signal that ended it; empty while it runs
   */
  OptionalInt reap(int pid);

  /** True if this process has a controlling terminal; tty(4). */
  boolean onTerminal();

  /**
   * A descriptor that yields {@code signals}, which are blocked in the calling thread; every other
   * thread must block them too, hence the process is started with them blocked; signalfd(2).
   */
  int signalDescriptor(Set<Signal> signals);

  /** Waits for the next signal on a descriptor of {@link #signalDescriptor}; signalfd(2). */
  ReceivedSignal nextSignal(int signalFd);

  /** Numeric id of a group; getgrnam(3). */
  OptionalInt groupId(String name);

  /** The entry of a user; empty if there is none; getpwnam(3). */
  Optional<User> user(String name);

  /**
   * Changes owner and group of a file, or of the link itself; -1 leaves one as it is; lchown(2).
   */
  void setOwner(Path file, int uid, int gid);

  /** The effective user id, which is what others see as our peer credentials; geteuid(2). */
  int userId();

  /** The processor cores, counted from 0, that this process may run on; sched_getaffinity(2). */
  List<Integer> cores();

  /** Binds all threads of {@code pid} to one core; if it is gone, nothing; sched_setaffinity(2). */
  void bindToCore(int pid, int core);

  /**
   * Makes all threads of {@code pid}, a child, nicer than this process by {@code more}; nothing if
   * it is gone, or if this process could not take that back, for want of CAP_SYS_NICE and of
   * RLIMIT_NICE; setpriority(2).
   */
  void nice(int pid, int more);

  /**
   * The same for those threads of {@code pid} only whose name, which the kernel cuts after 15
   * letters, contains {@code threads}; proc_pid_comm(5).
   */
  void nice(int pid, String threads, int more);

  /**
   * Makes this process lead a process group of its own, so that signals of a terminal do not reach
   * it; the session stays, and what the kernel groups by it; setpgid(2).
   */
  void leadProcessGroup();

  /** Two ends of a socket pair. */
  record FdPair(int first, int second) {}

  /** What {@link #receive} read. The caller owns {@code fds}. */
  record Received(int bytes, List<Integer> fds) {}

  /** {@code gid} is the user's own group. */
  record User(String name, int uid, int gid, Path home) {}

  record PeerCredentials(int pid, int uid, int gid) {}

  record ReceivedSignal(Signal signal, int senderPid, int senderUid) {}

  /**
   * Some of /proc/PID/stat: state letter (R S D T t Z X I), parent, niceness, start in ticks since
   * boot.
   */
  record ProcessStat(char state, int parentPid, int nice, long startTicks) {}
}
