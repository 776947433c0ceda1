package dev.tidepool.control;

import dev.tidepool.control.ControlClient.ReceivedMessage;
import dev.tidepool.control.ControlServer.Handler;
import dev.tidepool.control.ControlServer.Limits;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jnr.unixsocket.UnixSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening socket with its peers and who handles them; on the control thread only. */
final class ServedSocket {
  private static final Logger log = LoggerFactory.getLogger(ServedSocket.class);

  private static final int ACCEPTS_AT_A_TIME = 64;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ControlServer server;
  private final Posix posix;
  private final SocketFile file;
  private final Limits limits;
  private final Handler handler;
  private final Selector selector;
  private final SelectionKey key;
  private final Set<ServedPeer> peers = new LinkedHashSet<>();
  private long resumeAt = Long.MAX_VALUE;

  ServedSocket(
      ControlServer server,
      Posix posix,
      SocketFile file,
      Limits limits,
      Handler handler,
      Selector selector)
      throws IOException {
    this.server = server;
    this.posix = posix;
    this.file = file;
    this.limits = limits;
    this.handler = handler;
    this.selector = selector;
    this.key = file.channel().register(selector, SelectionKey.OP_ACCEPT, this);
  }

  Limits limits() {
    return limits;
  }

  @Override
  public String toString() {
    return file.toString();
  }

  void accept() {
    for (int i = 0; i < ACCEPTS_AT_A_TIME; i++) {
      try {
        UnixSocketChannel channel = file.channel().accept();
        if (channel != null) {
          admit(channel);
        } else if (i == 0) {
          // jnr tells no error from "nobody there", but somebody was: this process is out of
          // descriptors or memory. The queue stays readable, so look away for a while.
          pause("the kernel refuses; out of descriptors?");
          return;
        } else {
          return;
        }
      } catch (IOException | PosixException e) {
        pause(e.toString());
        return;
      }
    }
  }

  long deadline() {
    return peers.stream().mapToLong(ServedPeer::deadline).reduce(resumeAt, Math::min);
  }

  void sweep(long now) {
    if (resumeAt != Long.MAX_VALUE && now - resumeAt >= 0) {
      resumeAt = Long.MAX_VALUE;
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
    List.copyOf(peers).forEach(peer -> peer.sweep(now));
  }

  void message(ServedPeer peer, ReceivedMessage received) {
    try {
      handler.onMessage(peer, received.message(), received.fds());
    } catch (RuntimeException e) {
      received.fds().forEach(server::closeDescriptor);
      failed(peer, e);
    }
  }

  void closed(ServedPeer peer, String reason) {
    peers.remove(peer);
    try {
      handler.onClose(peer, reason);
    } catch (RuntimeException e) {
      log.error("{}: handler failed", peer, e);
    }
  }

  void close() {
    key.cancel();
    for (ServedPeer peer : List.copyOf(peers)) {
      peer.write(); // last words, such as the answer to the command that ends us
      peer.end("the server is closed");
    }
    file.close();
  }

  private void admit(UnixSocketChannel channel) throws IOException {
    if (peers.size() >= limits.maxPeers() && !makeRoom()) {
      log.warn("{}: connection refused: {} peers, all with requests", this, peers.size());
      channel.close();
      return;
    }
    ServedPeer peer;
    try {
      channel.configureBlocking(false);
      SelectionKey read = channel.register(selector, SelectionKey.OP_READ);
      peer = new ServedPeer(server, posix, this, channel, read, System.nanoTime());
      read.attach(peer);
    } catch (IOException | PosixException e) {
      channel.close();
      throw e;
    }
    peers.add(peer);
    try {
      handler.onOpen(peer);
    } catch (RuntimeException e) {
      failed(peer, e);
    }
  }

  /** Ends the peer that has been idle longest. */
  private boolean makeRoom() {
    Optional<ServedPeer> longest =
        peers.stream().filter(ServedPeer::idle).min(Comparator.comparingLong(ServedPeer::activeAt));
    longest.ifPresent(
        peer -> peer.fault("idle longest of " + peers.size() + " peers, makes room for another"));
    return longest.isPresent();
  }

  private void failed(ServedPeer peer, RuntimeException failure) {
    log.error("{}: handler failed", peer, failure);
    peer.end("handler failed: " + failure);
  }

  private void pause(String reason) {
    log.warn("{}: cannot accept for {} ms: {}", this, PAUSE.toMillis(), reason);
    key.interestOps(0);
    resumeAt = System.nanoTime() + PAUSE.toNanos();
  }
}
