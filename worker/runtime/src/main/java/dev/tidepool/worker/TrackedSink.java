package dev.tidepool.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** Tells a connection that bytes went out. */
final class TrackedSink extends AbstractStreamSinkConduit<StreamSinkConduit> {
  private final TrackedConnection connection;

  TrackedSink(StreamSinkConduit next, TrackedConnection connection) {
    super(next);
    this.connection = connection;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int bytes = super.write(from);
    counted(bytes);
    return bytes;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    return counted(super.write(from, offset, length));
  }

  @Override
  public int writeFinal(ByteBuffer from) throws IOException {
    int bytes = super.writeFinal(from);
    counted(bytes);
    return bytes;
  }

  @Override
  public long writeFinal(ByteBuffer[] from, int offset, int length) throws IOException {
    return counted(super.writeFinal(from, offset, length));
  }

  @Override
  public long transferFrom(FileChannel from, long position, long count) throws IOException {
    return counted(super.transferFrom(from, position, count));
  }

  @Override
  public long transferFrom(StreamSourceChannel from, long count, ByteBuffer through)
      throws IOException {
    return counted(super.transferFrom(from, count, through));
  }

  private long counted(long bytes) {
    if (bytes > 0) {
      connection.moved(bytes);
    }
    return bytes;
  }

  @Override
  public void awaitWritable() throws IOException {
    connection.awaitingClient(true);
    try {
      super.awaitWritable();
    } finally {
      connection.awaitingClient(false);
    }
  }

  @Override
  public void awaitWritable(long time, TimeUnit unit) throws IOException {
    connection.awaitingClient(true);
    try {
      super.awaitWritable(time, unit);
    } finally {
      connection.awaitingClient(false);
    }
  }
}
