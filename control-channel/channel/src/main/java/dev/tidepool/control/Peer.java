package dev.tidepool.control;

import dev.tidepool.posix.Posix.PeerCredentials;

/** One connection to a {@link ControlServer}. May be used by any thread. */
public interface Peer {

  /** Who dialled, as the kernel knows it. */
  PeerCredentials credentials();

  /**
   * Queues a message and returns. The descriptors that go with it are duplicated first, so that the
   * caller may close its own. A message to a peer that is gone is dropped.
   */
  void send(Message message, int... fds);

  /** Closes the connection once everything queued is written; {@code reason} is logged. */
  void close(String reason);
}
