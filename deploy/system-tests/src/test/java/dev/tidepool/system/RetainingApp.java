package dev.tidepool.system;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import java.util.ArrayDeque;
import java.util.Deque;

/** Allocates 256 KiB for each request, and keeps what it allocated for the last 16 of them. */
public final class RetainingApp implements App {
  private static final int KEPT = 16;
  private static final int PIECES = 1024;

  private final Deque<byte[][]> kept = new ArrayDeque<>();

  @Override
  public HttpHandler start(AppContext context) {
    return exchange -> {
      keep(new byte[PIECES][256]);
      exchange.getResponseSender().send("hello\n");
    };
  }

  private synchronized void keep(byte[][] pieces) {
    kept.addLast(pieces);
    if (kept.size() > KEPT) {
      kept.removeFirst();
    }
  }
}
