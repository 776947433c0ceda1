package dev.tidepool.posix;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Linux through JNA; the work is in one class per subject. */
final class JnaPosix implements Posix {
  static final Posix INSTANCE = new JnaPosix();

  private final JnaFiles files = new JnaFiles();
  private final JnaSockets sockets = new JnaSockets(files);
  private final JnaProcesses processes = new JnaProcesses();
  private final JnaFutexes futexes = new JnaFutexes();

  @Override
  public int listenTcp(InetSocketAddress address, int backlog) {
    return sockets.listenTcp(address, backlog);
  }

  @Override
  public int listenUnix(Path path, int mode, int backlog) {
    return sockets.listenUnix(path, mode, backlog);
  }

  @Override
  public boolean answers(Path path) {
    return sockets.answers(path);
  }

  @Override
  public int connectUnix(Path path) {
    return sockets.connectUnix(path);
  }

  @Override
  public void disconnect(int socket) {
    sockets.disconnect(socket);
  }

  @Override
  public InetSocketAddress localAddress(int fd) {
    return sockets.localAddress(fd);
  }

  @Override
  public FdPair packetPair() {
    return sockets.packetPair();
  }

  @Override
  public FdPair streamPair() {
    return sockets.streamPair();
  }

  @Override
  public boolean send(int socket, ByteBuffer data, int... fds) {
    return SocketMessages.ofThread().send(socket, data, fds);
  }

  @Override
  public Optional<Received> receive(int socket, ByteBuffer data, boolean wait) {
    return SocketMessages.ofThread().receive(socket, data, wait, files);
  }

  @Override
  public int waitingConnections(int fd) {
    return sockets.waitingConnections(fd);
  }

  @Override
  public PeerCredentials peerCredentials(int socket) {
    return sockets.peerCredentials(socket);
  }

  @Override
  public int readableBytes(int socket) {
    return sockets.readableBytes(socket);
  }

  @Override
  public void wakeExclusively(int epoll, int fd) {
    sockets.wakeExclusively(epoll, fd);
  }

  @Override
  public void close(int fd) {
    files.close(fd);
  }

  @Override
  public int duplicate(int fd) {
    return files.duplicate(fd);
  }

  @Override
  public void allocate(Path file, long length) {
    files.allocate(file, length);
  }

  @Override
  public void redirectOutput(Path file) {
    files.redirectOutput(file);
  }

  @Override
  public void redirectOutput(int fd) {
    files.redirectOutput(fd);
  }

  @Override
  public int openDescriptors() {
    return files.openDescriptors();
  }

  @Override
  public int pid() {
    return (int) ProcessHandle.current().pid();
  }

  @Override
  public boolean kill(int pid, Signal signal) {
    return processes.kill(pid, signal);
  }

  @Override
  public Optional<ProcessStat> stat(int pid) {
    return processes.stat(pid);
  }

  @Override
  public OptionalInt reap(int pid) {
    return processes.reap(pid);
  }

  @Override
  public long addressOf(ByteBuffer buffer) {
    return futexes.addressOf(buffer);
  }

  @Override
  public void awaitChange(long address, int expected, long nanos) {
    futexes.awaitChange(address, expected, nanos);
  }

  @Override
  public void wake(long address, int waiters) {
    futexes.wake(address, waiters);
  }

  @Override
  public void hold(ByteBuffer word) {
    futexes.hold(word);
  }

  @Override
  public boolean awaitAbandoned(ByteBuffer word, Duration limit) {
    return futexes.awaitAbandoned(word, limit);
  }

  @Override
  public boolean onTerminal() {
    return files.onTerminal();
  }

  @Override
  public int signalDescriptor(Set<Signal> signals) {
    return processes.signalDescriptor(signals);
  }

  @Override
  public ReceivedSignal nextSignal(int signalFd) {
    return processes.nextSignal(signalFd);
  }

  @Override
  public OptionalInt groupId(String name) {
    return files.groupId(name);
  }

  @Override
  public Optional<User> user(String name) {
    return files.user(name);
  }

  @Override
  public void setOwner(Path file, int uid, int gid) {
    files.setOwner(file, uid, gid);
  }

  @Override
  public List<Integer> cores() {
    return processes.cores();
  }

  @Override
  public void bindToCore(int pid, int core) {
    processes.bindToCore(pid, core);
  }

  @Override
  public void nice(int pid, int more) {
    processes.nice(pid, "", more);
  }

  @Override
  public void nice(int pid, String threads, int more) {
    processes.nice(pid, threads, more);
  }

  @Override
  public void leadProcessGroup() {
    processes.leadProcessGroup();
  }

  @Override
  public int userId() {
    return LibC.geteuid();
  }
}
