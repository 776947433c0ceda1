package dev.tidepool.worker;

import dev.tidepool.conf.Http2Settings;
import dev.tidepool.conf.LimitSettings;
import dev.tidepool.conf.ProxySettings;
import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.posix.Posix;
import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.nio.NioThreads;

/**
 * Undertow on connections that others accept. Idle connections are closed by {@link
 * ConnectionTable#closeIdle}, not by Undertow's IDLE_TIMEOUT: that one also ends a request on which
 * the app works for longer.
 */
final class HttpFront implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpFront.class);

  /** Undertow's own choice: fits one TLS record, and 16 KiB with the pool's bookkeeping. */
  private static final int BUFFER_BYTES = 16 * 1024 - 20;

  private static final int BUFFERS_PER_THREAD = 4;
  private static final int CLOSE_LIMIT_SECONDS = 1;

  final XnioWorker worker;
  final List<XnioIoThread> threads;
  final ConnectionTable connections;
  final Goodbye goodbye;
  final ActiveRequests requests;
  final Refusals refusals = new Refusals();
  final TaskPool tasks;
  private final Totals totals;
  private final DefaultByteBufferPool buffers;
  private final HttpOpenListener http;
  private final Protocols protocols;
  private final ForwardedHeaders forwarded;

  HttpFront(
      WorkerSettings settings,
      LimitSettings limits,
      Http2Settings http2,
      ProxySettings proxies,
      Posix posix,
      Totals totals,
      WorkerRecord record,
      ConnectionTable.Ends ends) {
    this.totals = totals;
    forwarded = new ForwardedHeaders(proxies);
    tasks = new TaskPool(settings);
    worker = NioThreads.start("http", settings.ioThreads(), tasks.executor);
    threads = NioThreads.of(worker);
    goodbye = new Goodbye(posix, totals);
    requests = new ActiveRequests(record, totals, goodbye, tasks.executor, threads);
    connections =
        new ConnectionTable(
            threads,
            posix,
            connection -> {
              goodbye.closed(connection);
              requests.ended(connection);
              ends.ended(connection);
            });
    // A virtual thread would take its buffers with it to its end.
    int kept = settings.virtualThreads() ? 0 : BUFFERS_PER_THREAD;
    buffers = new DefaultByteBufferPool(true, BUFFER_BYTES, -1, kept);
    http =
        new HttpOpenListener(
            buffers,
            OptionMap.builder()
                .set(UndertowOptions.MAX_HEADER_SIZE, limits.headerSizeBytes())
                .set(UndertowOptions.MAX_HEADERS, limits.headerCount())
                .set(UndertowOptions.MAX_ENTITY_SIZE, limits.bodySizeBytes())
                .set(UndertowOptions.ENABLE_HTTP2, false)
                .getMap());
    protocols = new Protocols(connections, buffers, BUFFER_BYTES, http, http2);
    handler(
        exchange -> {
          exchange.setStatusCode(503);
          exchange.endExchange();
        });
  }

  /** Serves this from now on. */
  void handler(HttpHandler handler) {
    http.setRootHandler(
        new RequestTracking(connections, totals, requests, refusals, forwarded, handler));
  }

  /**
   * Serves a connection on the I/O thread with the fewest. On {@code current}, unless {@code
   * warmUp}.
   */
  void open(SocketChannel channel, Entrance entrance, boolean warmUp, XnioIoThread current) {
    XnioIoThread thread = connections.leastLoaded(current);
    var connection = new TrackedConnection(thread, channel, entrance, warmUp, tasks);
    connections.expect(connection);
    if (thread == Thread.currentThread()) {
      serve(connection);
      return;
    }
    try {
      thread.execute(() -> serve(connection));
    } catch (RejectedExecutionException e) {
      connections.drop(connection);
    }
  }

  private void serve(TrackedConnection connection) {
    StreamConnection stream;
    try {
      stream = connections.open(connection);
    } catch (IOException e) {
      log.debug("connection was gone before it was served", e);
      connections.drop(connection);
      return;
    }
    protocols.serve(connection, stream);
  }

  /** Ends the threads and cuts what is still open; does not wait for a thread that is stuck. */
  @Override
  public void close() {
    worker.shutdownNow();
    tasks.executor.shutdownNow();
    try {
      worker.awaitTermination(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    buffers.close();
  }
}
