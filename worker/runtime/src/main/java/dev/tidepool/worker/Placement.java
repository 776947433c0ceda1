package dev.tidepool.worker;

import dev.tidepool.control.Scoreboard;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;

/**
 * Where new connections go: to this worker, or through a mailbox to a sibling with fewer; and those
 * that come out of mailboxes. Whoever sends a connection on its way raises the receiver's count, so
 * that two givers do not choose the same receiver.
 */
final class Placement {
  private static final Logger log = LoggerFactory.getLogger(Placement.class);

  private final int own;
  private final Scoreboard scoreboard;
  private final PoolView pool;
  private final Balancer balancer;
  private final RecentCloses closes;
  private final Mailboxes mailboxes;
  private final Entrances entrances;
  private final HttpFront front;
  private final Posix posix;
  private final Totals totals;
  private volatile boolean leaving;

  Placement(
      int ownRecord,
      Scoreboard scoreboard,
      PoolView pool,
      Balancer balancer,
      RecentCloses closes,
      Mailboxes mailboxes,
      Entrances entrances,
      HttpFront front,
      Posix posix,
      Totals totals) {
    this.own = ownRecord;
    this.scoreboard = scoreboard;
    this.pool = pool;
    this.balancer = balancer;
    this.closes = closes;
    this.mailboxes = mailboxes;
    this.entrances = entrances;
    this.front = front;
    this.posix = posix;
    this.totals = totals;
  }

  /** From now on what is still accepted goes to siblings where there are any. */
  void leave() {
    leaving = true;
  }

  /** Places a connection that {@code thread}, the calling one, accepted. */
  void accepted(SocketChannel channel, Listener from, XnioIoThread thread) {
    totals.accepted.increment();
    int receiver = receiver();
    if (receiver == Balancer.KEEP || !give(receiver, channel, from)) {
      scoreboard.record(own).addConnections(1);
      front.open(channel, from.entrance, false, thread);
    }
  }

  /** Serves a connection of the warm-up; as {@link #accepted}, but here in any case, uncounted. */
  void rehearse(SocketChannel channel, Listener from, XnioIoThread thread) {
    receiver();
    front.open(channel, from.entrance, true, thread);
  }

  /** Whether those that are given up come to workers that have just started. */
  boolean newerGenerationServes(long now) {
    for (int record = 0; record < pool.size(); record++) {
      if (pool.newer(record) && pool.freshlyServing(record, now)) {
        return true;
      }
    }
    return false;
  }

  private int receiver() {
    long now = System.nanoTime();
    return leaving
        ? balancer.leastLoadedSibling(pool, now)
        : balancer.receiver(pool, closes.count(now), now);
  }

  private boolean give(int receiver, SocketChannel channel, Listener from) {
    HandOver handOver;
    try {
      handOver = HandOver.of(channel, from.entrance, from.address);
    } catch (IOException e) {
      return false;
    }
    scoreboard.record(receiver).addConnections(1);
    if (!mailboxes.give(receiver, handOver, Descriptors.number(channel))) {
      scoreboard.record(receiver).addConnections(-1);
      return false;
    }
    totals.handedOver.increment();
    // Not registered with a selector yet, so this closes our descriptor and not the connection.
    IoUtils.safeClose(channel);
    return true;
  }

  /**
   * Serves what lies in the mailbox of a record, the own one or that of a worker that cannot.
   *
   * @return how many
   */
  int takeFrom(int record, XnioIoThread thread) {
    int taken = 0;
    for (Optional<Mailboxes.Parcel> parcel = mailboxes.take(record);
        parcel.isPresent();
        parcel = mailboxes.take(record)) {
      if (record != own) {
        scoreboard.record(own).addConnections(1);
        scoreboard.record(record).addConnections(-1);
      }
      totals.received.increment();
      open(parcel.get(), thread);
      taken++;
    }
    return taken;
  }

  private void open(Mailboxes.Parcel parcel, XnioIoThread thread) {
    HandOver handOver = parcel.handOver();
    Entrance entrance = entrances.of(handOver);
    if (entrance == null) {
      log.warn(
          "closed a connection to {} that a sibling accepted: this generation speaks something "
              + "else there",
          handOver.listener());
      drop(parcel);
      return;
    }
    SocketChannel channel;
    try {
      channel = Descriptors.connected(parcel.fd(), handOver.peer());
    } catch (IOException e) {
      log.debug("a connection was gone before it left the mailbox", e);
      drop(parcel);
      return;
    }
    front.open(channel, entrance, false, thread);
  }

  private void drop(Mailboxes.Parcel parcel) {
    posix.close(parcel.fd());
    scoreboard.record(own).addConnections(-1);
  }
}
