package dev.tidepool.worker.strict;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * Closes a connection on which the client may still be sending. Closing at once would make the
 * kernel reset it, and the client lose the answer; so what comes within a moment is thrown away.
 */
final class LingeringClose implements ExchangeCompletionListener {
  static final LingeringClose INSTANCE = new LingeringClose();
  private static final int MILLIS = 1000;
  private static final int MAX_BYTES = 1024 * 1024;

  private LingeringClose() {}

  @Override
  public void exchangeEvent(HttpServerExchange exchange, NextListener following) {
    var connection = (AbstractServerConnection) exchange.getConnection();
    try {
      connection.getIoThread().execute(() -> new Linger(connection, following).begin());
    } catch (RejectedExecutionException e) {
      following.proceed(); // the worker ends
    }
  }

  /** One connection's; on its I/O thread. */
  private static final class Linger {
    private final AbstractServerConnection connection;
    private final NextListener following;
    private final ByteBuffer waste = ByteBuffer.allocate(4096);
    private XnioExecutor.Key timeout = () -> false;
    private int bytes;
    private boolean over;

    Linger(AbstractServerConnection connection, NextListener following) {
      this.connection = connection;
      this.following = following;
    }

    void begin() {
      connection.resetChannel();
      try {
        var sink = connection.getChannel().getSinkChannel();
        sink.shutdownWrites();
        if (sink.flush()) {
          timeout = connection.getIoThread().executeAfter(this::end, MILLIS, TimeUnit.MILLISECONDS);
          var source = connection.getChannel().getSourceChannel();
          source.setReadListener(this::discard);
          source.wakeupReads();
          return;
        }
      } catch (IOException | RejectedExecutionException e) {
        // The client is gone, or the worker ends: nothing to wait for.
      }
      end();
    }

    private void discard(StreamSourceChannel source) {
      try {
        int read;
        do {
          read = source.read(waste.clear());
          bytes += Math.max(read, 0);
        } while (read > 0 && bytes < MAX_BYTES);
        if (read == 0) {
          return;
        }
      } catch (IOException e) {
        // The same as the end.
      }
      end();
    }

    private void end() {
      if (!over) {
        over = true;
        timeout.remove();
        IoUtils.safeClose(connection);
        following.proceed();
      }
    }
  }
}
