package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;
import org.xnio.nio.Watch;

/**
 * The mailboxes of all scoreboard records. Connections wait in them from the moment a sibling gave
 * them until their worker takes them, or, when that one is dead or stuck, another. Every worker
 * holds both ends of each, so nothing in them is lost with a process.
 */
final class Mailboxes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Mailboxes.class);

  /** A connection from a mailbox; the descriptor is the caller's. */
  record Parcel(HandOver handOver, int fd) {}

  private record Ends(int send, int receive) {}

  private final Posix posix;
  private final Map<Integer, Ends> boxes = new HashMap<>();
  private final ByteBuffer packet = ByteBuffer.allocate(HandOver.MAX_BYTES);
  private @Nullable Watch watch;
  private @Nullable ServerSocketChannel watched;

  Mailboxes(Posix posix) {
    this.posix = posix;
  }

  /** Holds the mailbox of a record, in place of an older one; owns both descriptors. */
  synchronized void put(int record, int send, int receive) {
    Ends older = boxes.put(record, new Ends(send, receive));
    if (older != null) {
      close(older);
    }
  }

  synchronized boolean has(int record) {
    return boxes.containsKey(record);
  }

  /**
   * Sends a connection to the worker of a record.
   *
   * @return false if its mailbox is full or missing: the connection is still the caller's alone
   */
  synchronized boolean give(int record, HandOver handOver, int fd) {
    Ends ends = boxes.get(record);
    try {
      return ends != null && posix.send(ends.send, handOver.encode(), fd);
    } catch (PosixException e) {
      log.warn("record {}: cannot hand over a connection, keeping it: {}", record, e.getMessage());
      return false;
    }
  }

  /** Takes the next connection out of a mailbox, without waiting. */
  synchronized Optional<Parcel> take(int record) {
    Ends ends = boxes.get(record);
    while (ends != null) {
      Optional<Posix.Received> received = receive(record, ends);
      if (received.isEmpty() || received.get().bytes() == 0) {
        return Optional.empty();
      }
      Optional<Parcel> parcel = parcel(record, received.get().fds());
      if (parcel.isPresent()) {
        return parcel;
      }
    }
    return Optional.empty();
  }

  private Optional<Posix.Received> receive(int record, Ends ends) {
    packet.clear();
    try {
      return posix.receive(ends.receive, packet, false);
    } catch (PosixException e) {
      log.warn("record {}: cannot read its mailbox: {}", record, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Parcel> parcel(int record, List<Integer> fds) {
    try {
      HandOver handOver = HandOver.decode(packet.flip());
      if (fds.size() == 1) {
        return Optional.of(new Parcel(handOver, fds.get(0)));
      }
      log.warn("record {}: hand-over with {} descriptors, expected 1", record, fds.size());
    } catch (IllegalArgumentException e) {
      log.warn("record {}: {}", record, e.getMessage());
    }
    fds.forEach(posix::close);
    return Optional.empty();
  }

  /**
   * Calls {@code arrived} on {@code thread}, which is the calling thread, whenever something lies
   * in the mailbox of {@code record}; of one at a time. A thread that is stuck takes nothing out.
   */
  synchronized void watch(int record, XnioIoThread thread, Runnable arrived) throws IOException {
    unwatch();
    Ends ends = boxes.get(record);
    if (ends != null) {
      ServerSocketChannel channel = Descriptors.readable(posix.duplicate(ends.receive));
      watched = channel;
      watch = Watch.open(thread, channel, arrived);
    }
  }

  /** On the thread that watches. */
  synchronized void unwatch() {
    if (watch != null) {
      watch.cancel();
    }
    IoUtils.safeClose(watched);
    watch = null;
    watched = null;
  }

  @Override
  public synchronized void close() {
    boxes.values().forEach(this::close);
    boxes.clear();
  }

  private void close(Ends ends) {
    posix.close(ends.send);
    posix.close(ends.receive);
  }
}
