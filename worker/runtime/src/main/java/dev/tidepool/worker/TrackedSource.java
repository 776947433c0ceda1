package dev.tidepool.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/** Tells a connection that bytes came in. */
final class TrackedSource extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private final TrackedConnection connection;

  TrackedSource(StreamSourceConduit next, TrackedConnection connection) {
    super(next);
    this.connection = connection;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int bytes = super.read(into);
    if (bytes > 0) {
      connection.bytesRead(bytes);
    }
    return bytes;
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    return counted(super.read(into, offset, length));
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return counted(super.transferTo(position, count, target));
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    long bytes = super.transferTo(count, through, target);
    counted(bytes + through.remaining());
    return bytes;
  }

  @Override
  public void resumeReads() {
    if (isReadResumed() || !connection.holdsBack(this)) {
      super.resumeReads();
    }
  }

  /** What {@link TrackedConnection#holdsBack} held back. */
  void resumeNow() {
    super.resumeReads();
  }

  private long counted(long bytes) {
    if (bytes > 0) {
      connection.bytesRead(bytes);
    }
    return bytes;
  }

  @Override
  public void awaitReadable() throws IOException {
    connection.awaitingClient(true);
    try {
      super.awaitReadable();
    } finally {
      connection.awaitingClient(false);
    }
  }

  @Override
  public void awaitReadable(long time, TimeUnit unit) throws IOException {
    connection.awaitingClient(true);
    try {
      super.awaitReadable(time, unit);
    } finally {
      connection.awaitingClient(false);
    }
  }
}
