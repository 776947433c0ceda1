package dev.tidepool.worker;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of a worker to itself, through a real socket and the whole chain of handlers, one after
 * the other. They are marked, and counted nowhere.
 */
final class SelfRequests implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SelfRequests.class);

  /** A way into the worker. */
  interface Way {
    WarmUpClient connect() throws IOException;
  }

  private final Way way;
  private @Nullable WarmUpClient client;

  SelfRequests(Way way) {
    this.way = way;
  }

  /**
   * Waits for the whole answer; there is no limit.
   *
   * @return the status code
   * @throws IOException if the answer is broken
   */
  int get(OwnRequest request) throws IOException {
    try {
      WarmUpClient connected = connect();
      int status = connected.get(request);
      if (connected.isClosed()) {
        close();
      }
      return status;
    } catch (IOException | NumberFormatException e) {
      close();
      throw new IOException("broken answer: " + Causes.describe(e), e);
    }
  }

  private WarmUpClient connect() throws IOException {
    WarmUpClient connected = client;
    if (connected == null) {
      connected = way.connect();
      client = connected;
    }
    return connected;
  }

  /** The next request opens a connection again. */
  @Override
  public void close() {
    WarmUpClient connected = client;
    client = null;
    try {
      if (connected != null) {
        connected.close();
      }
    } catch (IOException e) {
      log.debug("closing a connection to itself", e);
    }
  }
}
