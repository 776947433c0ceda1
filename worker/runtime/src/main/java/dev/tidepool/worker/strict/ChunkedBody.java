package dev.tidepool.worker.strict;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The data of a chunked body, in the place of Undertow's reader, which skips whatever it does not
 * understand. All raw bytes pass through the connection's extra bytes, where what follows the body
 * stays for the next request.
 */
final class ChunkedBody extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private final HttpServerExchange exchange;
  private final HttpServerConnection connection;
  private final ChunkFraming framing;
  private long size;
  private @Nullable IOException failure;

  /**
   * @param raw reads the connection, beginning with its extra bytes
   */
  ChunkedBody(
      StreamSourceConduit raw,
      HttpServerExchange exchange,
      HttpServerConnection connection,
      int maxTrailerBytes) {
    super(raw);
    this.exchange = exchange;
    this.connection = connection;
    framing = new ChunkFraming(maxTrailerBytes);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (failure != null) {
      throw failure;
    }
    int read = 0;
    while (into.hasRemaining() && !framing.ended()) {
      PooledByteBuffer raw = rawBytes();
      if (raw == null) {
        return read;
      }
      read += take(raw.getBuffer(), into);
    }
    return read == 0 && framing.ended() ? -1 : read;
  }

  /** Bytes that have been read from the connection and not been used; null if there are none. */
  private @Nullable PooledByteBuffer rawBytes() throws IOException {
    PooledByteBuffer raw = connection.getExtraBytes();
    if (raw != null) {
      return raw;
    }
    raw = connection.getByteBufferPool().allocate();
    int bytes = -1;
    try {
      bytes = next.read(raw.getBuffer());
    } finally {
      if (bytes <= 0) {
        raw.close();
      }
    }
    if (bytes < 0) {
      throw failed(new MalformedBodyException("the client closed the connection within the body"));
    }
    if (bytes == 0) {
      return null;
    }
    raw.getBuffer().flip();
    connection.setExtraBytes(raw);
    return raw;
  }

  private int take(ByteBuffer raw, ByteBuffer into) throws IOException {
    if (framing.dataLeft() == 0) {
      try {
        framing.read(raw);
      } catch (MalformedBodyException e) {
        throw failed(e);
      }
      if (framing.ended()) {
        exchange.putAttachment(HttpAttachments.REQUEST_TRAILERS, framing.trailers());
        Connectors.terminateRequest(exchange);
      }
      return 0;
    }
    int bytes = (int) Math.min(Math.min(raw.remaining(), into.remaining()), framing.dataLeft());
    size += bytes;
    long limit = exchange.getMaxEntitySize();
    if (limit > 0 && size > limit) {
      throw failed(new RequestTooBigException("the body has more than " + limit + " bytes"));
    }
    int end = raw.limit();
    into.put(raw.limit(raw.position() + bytes));
    raw.limit(end);
    framing.took(bytes);
    return bytes;
  }

  /** Where the request ends is unknown from here on. */
  private IOException failed(IOException e) {
    failure = e;
    Refusal.giveUpBody(exchange, e);
    return e;
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (into[i].hasRemaining()) {
        return read(into[i]);
      }
    }
    return 0;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
  }

  /** Whoever reads must come to know of the end, also when the client sends no more bytes. */
  private boolean over() {
    return failure != null || framing.ended();
  }

  @Override
  public void resumeReads() {
    if (over()) {
      wakeupReads();
    } else {
      super.resumeReads();
    }
  }

  @Override
  public void awaitReadable() throws IOException {
    if (!over()) {
      super.awaitReadable();
    }
  }

  @Override
  public void awaitReadable(long time, TimeUnit unit) throws IOException {
    if (!over()) {
      super.awaitReadable(time, unit);
    }
  }

  @Override
  public void terminateReads() throws IOException {
    if (!over()) {
      exchange.setPersistent(false);
      super.terminateReads();
    }
  }
}
