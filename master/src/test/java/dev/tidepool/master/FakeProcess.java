package dev.tidepool.master;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Message;
import dev.tidepool.control.Peer;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A worker process that does what a test says, and remembers what it was told. */
final class FakeProcess implements WorkerProcess, Peer {
  private final int pid;
  final List<Signal> signals = new ArrayList<>();
  long ownBytes = 50 << 20;
  final List<Message> told = new ArrayList<>();

  int nice;
  int compilersNice;

  /** The slot whose core it was bound to, or -1. */
  int boundTo = -1;

  private @Nullable Runnable onEnding;
  private @Nullable Consumer<WorkerExit> onExit;

  FakeProcess(int pid) {
    this.pid = pid;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public long startTicks() {
    return 1000L + pid;
  }

  @Override
  public boolean signal(Signal signal) {
    signals.add(signal);
    return true;
  }

  @Override
  public void bindToCoreOf(int slot) {
    boundTo = slot;
  }

  @Override
  public void nice(int more, int compilers) {
    nice = more;
    compilersNice = compilers;
  }

  @Override
  public long ownBytes() {
    return ownBytes;
  }

  @Override
  public void onEnding(WorkerRecord record, Runnable callback) {
    onEnding = callback;
  }

  /** Runs no more, and is not reaped yet. */
  void end() {
    Objects.requireNonNull(onEnding).run();
  }

  @Override
  public void onExit(Consumer<WorkerExit> callback) {
    onExit = callback;
  }

  void exit(int code) {
    if (onExit == null) {
      throw new IllegalStateException("nobody watches pid " + pid);
    }
    onExit.accept(new WorkerExit(code));
  }

  boolean was(Class<? extends MasterMessage> type) {
    return told.stream().anyMatch(type::isInstance);
  }

  @Override
  public Posix.PeerCredentials credentials() {
    return new Posix.PeerCredentials(pid, 0, 0);
  }

  @Override
  public void send(Message message, int... fds) {
    told.add(message);
  }

  @Override
  public void close(String reason) {}
}
