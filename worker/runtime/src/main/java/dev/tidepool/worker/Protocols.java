package dev.tidepool.worker;

import dev.tidepool.conf.Http2Settings;
import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.protocols.http2.ServedHttp2Channel;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http2.Http2ReceiveListener;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.ssl.SslConnection;

/**
 * Finds out what is spoken on a new connection, and has it served: PROXY header, TLS, HTTP/2 or
 * HTTP/1.1. On the connection's I/O thread.
 */
final class Protocols {
  static {
    // Else its 20,000 bytes are the limit of HTTP/2, whatever limits.header-size says.
    System.setProperty(Http2Channel.HTTP2_MAX_HEADER_SIZE_PROPERTY, "0");
  }

  private static final Logger log = LoggerFactory.getLogger(Protocols.class);

  /** With this a client begins that knows the server speaks HTTP/2 (RFC 9113, section 3.4). */
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ConnectionTable connections;
  private final ByteBufferPool buffers;
  private final int bufferBytes;
  private final HttpOpenListener http;
  private final OptionMap http2Options;
  private final int concurrentStreams;
  private final int controlFrames;
  private final LogLimit malformed = new LogLimit();

  /** Serves HTTP/1.1 by {@code http}, and takes from it what holds for HTTP/2 as well. */
  Protocols(
      ConnectionTable connections,
      ByteBufferPool buffers,
      int bufferBytes,
      HttpOpenListener http,
      Http2Settings http2) {
    this.connections = connections;
    this.buffers = buffers;
    this.bufferBytes = bufferBytes;
    this.http = http;
    concurrentStreams = http2.concurrentStreams();
    controlFrames = http2.controlFrames();
    http2Options =
        OptionMap.builder()
            .addAll(http.getUndertowOptions())
            .set(UndertowOptions.HTTP2_SETTINGS_ENABLE_PUSH, false)
            .set(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, concurrentStreams)
            .set(UndertowOptions.MAX_RST_FRAMES_PER_WINDOW, http2.resets())
            .getMap();
  }

  void serve(TrackedConnection connection, StreamConnection stream) {
    if (connection.entrance.expectsProxyHeader(connection.peer())) {
      FirstBytes.read(
          stream,
          ProxyHeader.MAX_BYTES,
          bytes -> readsProxyHeader(connection, bytes),
          () -> secure(connection, stream));
    } else {
      secure(connection, stream);
    }
  }

  private boolean readsProxyHeader(TrackedConnection connection, ByteBuffer bytes)
      throws ProtocolException {
    try {
      ProxyHeader header = ProxyHeader.read(bytes);
      if (header != null) {
        connection.proxied(header);
      }
      return header != null;
    } catch (ProtocolException e) {
      int unlogged = malformed.pass();
      if (unlogged >= 0) {
        log.warn(
            "closed a connection from {} that {}; {} before this were not logged",
            connection.peer(),
            e.getMessage(),
            unlogged);
      }
      throw e;
    }
  }

  private void secure(TrackedConnection connection, StreamConnection stream) {
    Tls tls = connection.entrance.tls();
    if (tls == null) {
      connection.track(stream);
      clear(connection, stream);
      return;
    }
    SslConnection secured = tls.wrap(stream);
    connections.secured(connection, secured);
    connection.track(secured);
    FirstBytes.read(
        secured,
        PREFACE.length,
        ByteBuffer::hasRemaining,
        () -> {
          if (Tls.choseHttp2(secured)) {
            http2(connection, secured);
          } else {
            http.handleEvent(secured);
          }
        });
  }

  private void clear(TrackedConnection connection, StreamConnection stream) {
    if (!connection.entrance.h2c()) {
      http.handleEvent(stream);
      return;
    }
    boolean[] preface = new boolean[1];
    FirstBytes.read(
        stream,
        PREFACE.length,
        bytes -> {
          int known = bytes.remaining();
          boolean begun = bytes.equals(ByteBuffer.wrap(PREFACE, 0, known));
          preface[0] = begun && known == PREFACE.length;
          return preface[0] || !begun;
        },
        () -> {
          if (preface[0]) {
            http2(connection, stream);
          } else {
            http.handleEvent(stream);
          }
        });
  }

  private void http2(TrackedConnection connection, StreamConnection stream) {
    // A stream counts until its handler is done with it, also when its client has the answer or
    // has reset it: hence room for as many again as the client may have open.
    var channel =
        new ServedHttp2Channel(
            stream,
            buffers,
            http2Options,
            controlFrames,
            () -> connection.requestsInFlight() >= 2 * concurrentStreams);
    connection.http2(channel);
    var tracking = (RequestTracking) http.getRootHandler();
    channel
        .getReceiveSetter()
        .set(
            new Http2ReceiveListener(
                exchange -> tracking.handle(exchange, connection),
                http2Options,
                bufferBytes,
                null));
    channel.resumeReceives();
  }
}
