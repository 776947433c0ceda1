package dev.tidepool.demo;

import dev.tidepool.app.AppContext;
import dev.tidepool.app.Departure;
import io.undertow.Handlers;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;

/**
 * What stays open: an event stream, whose only event is the pid, and a WebSocket that echoes. Their
 * clients are sent elsewhere when the worker leaves.
 */
final class Streams {
  private final ServerSentEventHandler events;
  private final WebSocketProtocolHandshakeHandler socket;

  Streams(AppContext context) {
    String hello = "pid=" + context.pid();
    events = Handlers.serverSentEvents((connection, lastEventId) -> connection.send(hello));
    socket =
        Handlers.websocket(
            (exchange, channel) -> {
              channel.getReceiveSetter().set(new Echo());
              channel.resumeReceives();
            });
    context.onDrain(this::leave);
  }

  void addTo(PathHandler paths) {
    paths.addExactPath("/events", events);
    paths.addExactPath("/ws/echo", socket);
  }

  private void leave(Departure departure) {
    events.getConnections().forEach(stream -> departure.end(stream::shutdown));
    socket.getPeerConnections().forEach(channel -> departure.end(() -> leave(channel)));
  }

  private static void leave(WebSocketChannel channel) {
    WebSockets.sendClose(CloseMessage.GOING_AWAY, "the worker leaves", channel, null);
  }

  private static final class Echo extends AbstractReceiveListener {
    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      WebSockets.sendText(message.getData(), channel, null);
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      try (var data = message.getData()) {
        WebSockets.sendBinary(WebSockets.mergeBuffers(data.getResource()), channel, null);
      }
    }
  }
}
