package dev.tidepool.control;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Keeps what the server tells; answers as a test wants. */
final class RecordingHandler implements ControlServer.Handler {
  final BlockingQueue<Peer> opened = new LinkedBlockingQueue<>();
  final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final BiConsumer<Peer, Message> answer;

  RecordingHandler(BiConsumer<Peer, Message> answer) {
    this.answer = answer;
  }

  @Override
  public void onOpen(Peer peer) {
    opened.add(peer);
  }

  @Override
  public void onMessage(Peer peer, Message message, List<Integer> fds) {
    messages.add(message);
    answer.accept(peer, message);
  }

  @Override
  public void onClose(Peer peer, String reason) {
    closed.add(reason);
  }

  /** The next of {@code queue}, which must come. */
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    @Nullable T next = queue.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }
}
