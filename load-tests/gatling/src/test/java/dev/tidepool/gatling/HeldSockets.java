package dev.tidepool.gatling;

import java.util.ArrayList;
import java.util.List;

/** WebSockets that keep still after a word. A worker that leaves closes them as it should. */
final class HeldSockets {
  private static final int GOING_AWAY = 1001;

  private HeldSockets() {}

  /** Holds {@code count} over a reload, and has those who held them come back. */
  static void overReload(int count) throws Exception {
    List<EchoSocket> before = open(count);
    Pool.reload();
    for (EchoSocket socket : before) {
      int code = socket.closeCode();
      if (code != GOING_AWAY) {
        throw new IllegalStateException(
            "a held socket was closed with " + code + ", not " + GOING_AWAY);
      }
    }
    for (EchoSocket socket : open(count)) {
      socket.close();
    }
  }

  private static List<EchoSocket> open(int count) throws Exception {
    List<EchoSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(EchoSocket.open());
    }
    return sockets;
  }
}
