package org.xnio.nio;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/**
 * Calls back on an I/O thread while a descriptor is readable. All methods are called on that
 * thread, and have reached epoll when they return.
 */
public final class Watch extends NioHandle {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  private final Runnable readable;

  private Watch(WorkerThread thread, SelectionKey key, Runnable readable) {
    super(thread, key);
    this.readable = readable;
  }

  /** Starts to watch the descriptor that {@code channel} wraps, which must be non-blocking. */
  public static Watch open(XnioIoThread thread, ServerSocketChannel channel, Runnable readable)
      throws IOException {
    WorkerThread ioThread = (WorkerThread) thread;
    SelectionKey key = ioThread.registerChannel(channel);
    Watch watch = new Watch(ioThread, key, readable);
    key.attach(watch);
    watch.interest(SelectionKey.OP_ACCEPT);
    return watch;
  }

  public void pause() throws IOException {
    interest(0);
  }

  public void resume() throws IOException {
    interest(SelectionKey.OP_ACCEPT);
  }

  /** Takes the descriptor out of epoll; it stays open. */
  public void cancel() {
    cancelKey(true);
  }

  private void interest(int ops) throws IOException {
    getSelectionKey().interestOps(ops);
    // The JDK tells epoll at the next select. What this one finds ready stays ready.
    getWorkerThread().getSelector().selectNow();
  }

  @Override
  @SuppressWarnings("CatchingUnchecked") // XNIO would swallow it without a word
  void handleReady(int ops) {
    try {
      readable.run();
    } catch (RuntimeException e) {
      log.error("watching a descriptor failed", e);
    }
  }

  @Override
  void forceTermination() {}

  @Override
  void terminated() {}
}
