package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
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
  private final Room room;
  private final Consumer<SocketChannel> accepted;
  private final Consumer<IOException> failed;
  private @Nullable Watch watch;
  private boolean backingOff;
  private boolean paused;

  Door(
      XnioIoThread thread,
      ServerSocketChannel channel,
      Posix posix,
      Room room,
      Consumer<SocketChannel> accepted,
      Consumer<IOException> failed) {
    this.thread = thread;
    this.channel = channel;
    this.posix = posix;
    this.room = room;
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

  /** Takes what waits, while there is room. */
  void accept() {
    accept(ACCEPTS_PER_WAKE_UP);
    watchIfRoom();
  }

  private void accept(int limit) {
    for (int i = 0; i < limit && !room.isFull(); i++) {
      SocketChannel connection = next();
      if (connection == null) {
        return;
      }
      accepted.accept(connection);
    }
  }

  /**
   * Takes what waits, and closes one of {@code idle} for each.
   *
   * @return how many
   */
  int acceptInPlaceOf(Iterator<TrackedConnection> idle) {
    int taken = 0;
    while (idle.hasNext()) {
      SocketChannel connection = next();
      if (connection == null) {
        return taken;
      }
      idle.next().close();
      accepted.accept(connection);
      taken++;
    }
    return taken;
  }

  private @Nullable SocketChannel next() {
    if (watch == null || backingOff) {
      return null;
    }
    try {
      return channel.accept();
    } catch (ClosedChannelException e) {
      return null;
    } catch (IOException e) {
      failed.accept(e);
      backOff();
      return null;
    }
  }

  /**
   * A full worker is to be woken for no connection: the kernel would wake none that has room. What
   * it was woken for before, the others find at their next look.
   */
  private void watchIfRoom() {
    if (watch == null || backingOff || paused == room.isFull()) {
      return;
    }
    try {
      if (paused) {
        resume(watch);
      } else {
        paused = true;
        watch.pause();
      }
    } catch (IOException e) {
      failed.accept(e);
      backOff();
    }
  }

  private void resume(Watch known) throws IOException {
    paused = false;
    known.resume();
    wakeExclusively();
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
      resume(watch);
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
