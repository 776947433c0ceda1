package org.xnio.nio;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/**
 * XNIO's threads, for an acceptor of our own: XNIO always binds its listening sockets itself, and
 * ours come from the master.
 */
public final class NioThreads {

  private NioThreads() {}

  /**
   * Starts daemon threads, named after {@code name}, whose context class loader is the caller's.
   *
   * @param tasks runs what blocks; to be shut down by the caller
   */
  public static XnioWorker start(String name, int ioThreads, ExecutorService tasks) {
    return new NioXnioProvider()
        .getInstance()
        .createWorkerBuilder()
        .setWorkerName(name)
        .setWorkerIoThreads(ioThreads)
        .setExternalExecutorService(tasks)
        .setDaemon(true)
        .build();
  }

  public static List<XnioIoThread> of(XnioWorker worker) {
    return List.of(((NioXnioWorker) worker).getAll());
  }

  /**
   * A connection on {@code thread}, which must be the calling thread. From now on closing the
   * channel also shuts the connection down.
   *
   * @param closed called once, on the thread that closes it
   */
  public static StreamConnection connect(
      XnioIoThread thread, SocketChannel channel, Runnable closed) throws ClosedChannelException {
    WorkerThread ioThread = (WorkerThread) thread;
    return new NioSocketStreamConnection(ioThread, ioThread.registerChannel(channel), closed::run);
  }

  public static Selector selector(XnioIoThread thread) {
    return ((WorkerThread) thread).getSelector();
  }
}
