package dev.tidepool.worker;

import dev.tidepool.conf.WarmUpSettings;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of a worker to itself, until their latency settles: a JVM is slow until its code is
 * compiled. They go through a real socket and the whole chain of handlers.
 */
final class WarmUpRun {
  private static final Logger log = LoggerFactory.getLogger(WarmUpRun.class);
  private static final InetSocketAddress SELF =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final WarmUpSettings settings;
  private final HttpFront front;
  private final Posix posix;
  private int requests;
  private @Nullable WarmUpClient client;

  WarmUpRun(WarmUpSettings settings, HttpFront front, Posix posix) {
    this.settings = settings;
    this.front = front;
    this.posix = posix;
  }

  /**
   * Blocks until the warm-up is over.
   *
   * @return how many requests were made
   * @throws AppFailure if an answer is a server error or breaks off
   */
  int run() throws AppFailure {
    if (settings.limit().isZero() || settings.paths().isEmpty()) {
      return 0;
    }
    long deadline = System.nanoTime() + settings.limit().toNanos();
    try {
      double before = Double.MAX_VALUE;
      while (true) {
        long begin = System.nanoTime();
        int made = round(deadline);
        if (made < settings.round()) {
          return requests; // the limit
        }
        double micros = (System.nanoTime() - begin) / 1e3 / made;
        log.debug("warm-up: {} requests, {} us each", requests, Math.round(micros));
        if (micros > before * (1 - settings.settled())) {
          return requests;
        }
        before = micros;
      }
    } finally {
      disconnect();
    }
  }

  private int round(long deadline) throws AppFailure {
    int made = 0;
    while (made < settings.round() && System.nanoTime() - deadline < 0) {
      request(settings.paths().get(requests % settings.paths().size()));
      requests++;
      made++;
    }
    return made;
  }

  private void request(String path) throws AppFailure {
    int status;
    try {
      WarmUpClient connected = connect();
      status = connected.get(path);
      if (connected.isClosed()) {
        disconnect();
      }
    } catch (IOException | NumberFormatException e) {
      throw new AppFailure("warm-up", "GET " + path + ": broken answer: " + Causes.describe(e), e);
    }
    if (status >= 500) {
      throw new AppFailure("warm-up", "GET " + path + " answered " + status);
    }
  }

  private WarmUpClient connect() throws IOException {
    WarmUpClient connected = client;
    if (connected == null) {
      Posix.FdPair pair = posix.streamPair();
      connected = new WarmUpClient(pair.first());
      SocketChannel channel = Descriptors.connected(pair.second(), SELF);
      front.open(channel, Entrance.plain(true), true, front.threads.get(0));
      client = connected;
    }
    return connected;
  }

  private void disconnect() {
    WarmUpClient connected = client;
    client = null;
    try {
      if (connected != null) {
        connected.close();
      }
    } catch (IOException e) {
      log.debug("closing a warm-up connection", e);
    }
  }
}
