package dev.tidepool.worker;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import io.undertow.protocols.http2.ServedHttp2Channel;
import io.undertow.server.ConduitWrapper;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.ConduitFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Decides, when an answer is about to be sent, whether it says {@code Connection: close}: while
 * draining to one connection after the other, and as often as the budget allows while connections
 * are shed. A request that began before either did is told too. HTTP/2 is sent a GOAWAY instead,
 * once for a connection.
 */
final class Goodbye implements ConduitWrapper<StreamSinkConduit> {
  private static final long REHEARSED_NANOS = 1_000_000_000;
  private static final Ramp OVER = new Ramp(0, 0, 0);

  private final Posix posix;
  private final Totals totals;
  private final AtomicInteger budget = new AtomicInteger();
  private final AtomicInteger leaving = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  private volatile Ramp ramp = OVER;
  private volatile boolean toAll;
  private volatile long pipelinesUntil;

  Goodbye(Posix posix, Totals totals) {
    this.posix = posix;
    this.totals = totals;
  }

  /** A number of connections over a time: the first at once, few for a while, most at the end. */
  private record Ramp(long begin, long nanos, int connections) {
    int due(long now) {
      if (nanos == 0 || now - begin >= nanos) {
        return Integer.MAX_VALUE;
      }
      double passed = (double) (now - begin) / nanos;
      return 1 + (int) (passed * passed * connections);
    }
  }

  /**
   * From now on to all: to the {@code connections} there are over {@code time}, for who gets them
   * next may have just started. Requests that have already arrived behind another one (pipelining)
   * are answered first, but only until {@code pipelinesUntil} of {@link System#nanoTime}.
   */
  void toAll(int connections, Duration time, long pipelinesUntil) {
    this.pipelinesUntil = pipelinesUntil;
    told.set(0);
    ramp = new Ramp(System.nanoTime(), time.toNanos(), connections);
    toAll = true;
  }

  /** To all that are left, without waiting for their turn. */
  void hurry() {
    ramp = OVER;
  }

  /** As in a drain, or no longer: the warm-up goes through its code, too. */
  void rehearse(boolean drain) {
    pipelinesUntil = System.nanoTime() + REHEARSED_NANOS;
    toAll = drain;
  }

  /** To as many as {@code connections}, in place of what is left of an earlier budget. */
  void budget(int connections) {
    if (budget.get() != connections) {
      budget.set(connections);
    }
  }

  int budget() {
    return budget.get();
  }

  /** Open connections whose client has been told. */
  int leaving() {
    return leaving.get();
  }

  void closed(TrackedConnection connection) {
    if (connection.hasAnnouncedClose()) {
      leaving.decrementAndGet();
    }
  }

  @Override
  public StreamSinkConduit wrap(
      ConduitFactory<StreamSinkConduit> factory, HttpServerExchange exchange) {
    if (toAll || budget.get() > 0) {
      TrackedConnection connection = exchange.getConnection().getAttachment(TrackedConnection.KEY);
      if (exchange.isPersistent() && !exchange.isUpgrade() && !connection.hasAnnouncedClose()) {
        say(exchange, connection);
      }
    }
    return factory.create();
  }

  private void say(HttpServerExchange exchange, TrackedConnection connection) {
    if (toAll) {
      if (!isDue()) {
        return;
      }
      if (connection.http2() == null
          && System.nanoTime() - pipelinesUntil < 0
          && moreRequestsHere(exchange, connection)) {
        return;
      }
    } else if (budget.getAndUpdate(left -> left > 0 ? left - 1 : 0) > 0) {
      totals.shed.increment();
    } else {
      return;
    }
    ServedHttp2Channel channel = connection.http2();
    if (channel != null) {
      tell(channel, connection);
    } else if (connection.announceClose()) {
      exchange.setPersistent(false);
      if (!connection.warmUp) {
        count();
      }
    }
  }

  /** Tells an HTTP/2 client, idle or not, to go elsewhere if it is due and has not been told. */
  void tellHttp2(TrackedConnection connection) {
    ServedHttp2Channel channel = connection.http2();
    if (channel != null && isDue()) {
      tell(channel, connection);
    }
  }

  private void tell(ServedHttp2Channel channel, TrackedConnection connection) {
    if (connection.announceClose()) {
      count();
      channel.announceGoAway();
    }
  }

  private void count() {
    told.incrementAndGet();
    leaving.incrementAndGet();
  }

  private boolean isDue() {
    return told.get() < ramp.due(System.nanoTime());
  }

  private boolean moreRequestsHere(HttpServerExchange exchange, TrackedConnection connection) {
    if (connection.hasExtraBytes()) {
      return true;
    }
    try {
      // Bytes of an unfinished request are its own.
      return exchange.isRequestComplete()
          && posix.readableBytes(Descriptors.number(connection.socket)) > 0;
    } catch (PosixException e) {
      return false; // the client closed it
    }
  }
}
