package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;
import org.xnio.nio.NioThreads;
import org.xnio.nio.Watch;

/** One listening socket on one I/O thread. All methods are called on that thread. */
final class Door {
  private static final int ACCEPTS_PER_WAKE_UP = 16;
  private static final int ACCEPTS_AT_CLOSE = 1024;
  private static final int BACK_OFF_MILLIS = 50;

  private final XnioIoThread thread;
  private final ServerSocketChannel channel;
  private final Posix posix;
  private final Consumer<SocketChannel> accepted;
  private final Consumer<IOException> failed;
  private @Nullable Watch watch;
  private boolean backingOff;

  Door(
      XnioIoThread thread,
      ServerSocketChannel channel,
      Posix posix,
      Consumer<SocketChannel> accepted,
      Consumer<IOException> failed) {
    this.thread = thread;
    this.channel = channel;
    this.posix = posix;
    this.accepted = accepted;
    this.failed = failed;
  }

  void open() throws IOException {
    watch = Watch.open(thread, channel, this::accept);
    wakeExclusively();
  }

  /** Without it each connection wakes every thread of every idle worker. */
  private void wakeExclusively() {
    posix.wakeExclusively(
        Descriptors.epoll(NioThreads.selector(thread)), Descriptors.number(channel));
  }

  void accept() {
    accept(ACCEPTS_PER_WAKE_UP);
  }

  private void accept(int limit) {
    for (int i = 0; i < limit && watch != null && !backingOff; i++) {
      try {
        SocketChannel connection = channel.accept();
        if (connection == null) {
          return;
        }
        accepted.accept(connection);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        failed.accept(e);
        backOff();
      }
    }
  }

  /** Out of descriptors, most likely: others may accept meanwhile. */
  private void backOff() {
    backingOff = true;
    try {
      if (watch != null) {
        watch.pause();
      }
    } catch (IOException e) {
      failed.accept(e);
    }
    thread.executeAfter(this::goOn, BACK_OFF_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void goOn() {
    backingOff = false;
    if (watch == null) {
      return;
    }
    try {
      watch.resume();
      wakeExclusively();
    } catch (IOException e) {
      failed.accept(e);
      backOff();
    }
  }

  /**
   * Accepts no more. What woke this thread before is still taken: the kernel woke nobody else for
   * it.
   */
  void close() {
    if (watch != null) {
      watch.cancel();
      accept(ACCEPTS_AT_CLOSE);
      watch = null;
    }
  }
}
