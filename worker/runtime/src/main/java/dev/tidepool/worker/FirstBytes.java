package dev.tidepool.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Buffers;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.PushBackStreamSourceConduit;

/** Reads the beginning of a connection until it is clear how to go on. On its I/O thread. */
final class FirstBytes implements ChannelListener<ConduitStreamSourceChannel> {
  private static final Logger log = LoggerFactory.getLogger(FirstBytes.class);

  /** Looks at what has been read so far. */
  interface Reader {

    /**
     * Whether it is enough; then the position is behind what nobody else is to read.
     *
     * @throws IOException to close the connection
     */
    boolean enough(ByteBuffer bytes) throws IOException;
  }

  private final StreamConnection connection;
  private final ByteBuffer bytes;
  private final Reader reader;
  private final Runnable next;

  private FirstBytes(StreamConnection connection, int limit, Reader reader, Runnable next) {
    this.connection = connection;
    this.bytes = ByteBuffer.allocate(limit);
    this.reader = reader;
    this.next = next;
  }

  /**
   * Runs {@code next} once {@code reader} has enough, of {@code limit} bytes at most, with what it
   * left put back.
   */
  static void read(StreamConnection connection, int limit, Reader reader, Runnable next) {
    var first = new FirstBytes(connection, limit, reader, next);
    ConduitStreamSourceChannel source = connection.getSourceChannel();
    source.setReadListener(first);
    first.handleEvent(source);
  }

  @Override
  public void handleEvent(ConduitStreamSourceChannel source) {
    try {
      while (true) {
        int read = source.read(bytes);
        if (read < 0) {
          throw new EOFException("closed by the client before it said what it wants");
        }
        if (read == 0) {
          source.resumeReads();
          return;
        }
        bytes.flip();
        if (reader.enough(bytes)) {
          break;
        }
        bytes.position(bytes.limit()).limit(bytes.capacity());
      }
      source.suspendReads();
      source.setReadListener(null);
      if (bytes.hasRemaining()) {
        var rest = new PushBackStreamSourceConduit(source.getConduit());
        rest.pushBack(Buffers.pooledWrapper(bytes));
        source.setConduit(rest);
      }
      next.run();
    } catch (IOException e) {
      log.debug("connection closed at its beginning", e);
      IoUtils.safeClose(connection);
    } catch (RuntimeException e) {
      log.error("connection closed at its beginning", e);
      IoUtils.safeClose(connection);
    }
  }
}
