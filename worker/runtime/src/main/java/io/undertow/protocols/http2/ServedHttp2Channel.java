package io.undertow.protocols.http2;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.protocol.framed.FrameHeaderData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;
import org.xnio.Bits;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;

/**
 * The server's side of an HTTP/2 connection. Undertow announces how many streams a client may have
 * open but does not enforce it, and its GOAWAY closes the connection under the open ones. A GOAWAY
 * that came before the server's settings would be an error to clients, and lose their requests.
 */
@NullUnmarked // nor are Undertow's own classes in this package annotated
public final class ServedHttp2Channel extends Http2Channel {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(30); // as Undertow's for resets

  private final int controlFrames;
  private final BooleanSupplier full;
  private long windowStart = System.nanoTime();
  private int controlFramesInWindow;
  private boolean greeted;
  private boolean goAwayWaits;

  /**
   * @param controlFrames settings, pings and pieces of headers that the client may send within 30 s
   * @param full asked for each new stream, which is refused if it says so
   */
  public ServedHttp2Channel(
      StreamConnection connection,
      ByteBufferPool pool,
      OptionMap options,
      int controlFrames,
      BooleanSupplier full) {
    super(connection, null, pool, null, false, false, options);
    this.controlFrames = controlFrames;
    this.full = full;
  }

  /**
   * A header block with its CONTINUATION frames is one HEADERS frame, once it is complete. Undertow
   * makes it so only if all of it arrives at once; else it would begin the request with the fields
   * so far, and take the rest for an error when that request is over.
   */
  @Override
  protected FrameHeaderData parseFrame(ByteBuffer data) throws IOException {
    try {
      while (super.parseFrame(data) instanceof Http2FrameHeaderParser frame) {
        if (!(frame.parser instanceof Http2HeadersParser headers)) {
          return frame;
        }
        if (frame.type == FRAME_TYPE_CONTINUATION && isFlood(frame.type)) {
          throw new IOException("too many CONTINUATION frames");
        }
        if (Bits.allAreSet(frame.flags, HEADERS_FLAG_END_HEADERS)) {
          frame.type = FRAME_TYPE_HEADERS;
          frame.flags |= headers.isHeadersEndStream() ? HEADERS_FLAG_END_STREAM : 0;
          return frame;
        }
      }
      return null;
    } catch (IllegalStateException e) {
      // Too many header fields; Undertow would log a stack trace for each.
      throw new IOException("malformed header block", e);
    }
  }

  @Override
  protected AbstractHttp2StreamSourceChannel createChannel(
      FrameHeaderData header, PooledByteBuffer data) throws IOException {
    AbstractHttp2StreamSourceChannel channel = super.createChannel(header, data);
    greeted(); // the first frame is the client's SETTINGS, or the connection has been closed
    if (header instanceof Http2FrameHeaderParser frame && isFlood(frame.type)) {
      sendGoAway(ERROR_ENHANCE_YOUR_CALM);
      return null;
    }
    if (channel instanceof Http2StreamSourceChannel stream && full.getAsBoolean()) {
      sendRstStream(stream.getStreamId(), ERROR_REFUSED_STREAM); // the client may send it again
      return null;
    }
    return channel;
  }

  /**
   * The first two are answered, and the answers wait in memory for a client that does not read; the
   * third need not hold anything.
   */
  private boolean isFlood(int frameType) {
    if (frameType != FRAME_TYPE_PING
        && frameType != FRAME_TYPE_SETTINGS
        && frameType != FRAME_TYPE_CONTINUATION) {
      return false;
    }
    long now = System.nanoTime();
    if (now - windowStart > WINDOW) {
      windowStart = now;
      controlFramesInWindow = 0;
    }
    return ++controlFramesInWindow > controlFrames;
  }

  /** The client's settings have been answered, with the server's own before anything else. */
  private void greeted() {
    boolean waited;
    synchronized (this) {
      waited = !greeted && goAwayWaits;
      greeted = true;
    }
    if (waited) {
      sendGracefulGoAway();
    }
  }

  /**
   * Asks the client for no more streams on this connection; all that it opens until it has heard
   * are still served (RFC 9113, section 6.8: the last stream id at its maximum). Once, any thread.
   */
  public void announceGoAway() {
    synchronized (this) {
      if (!greeted) {
        goAwayWaits = true;
        return;
      }
    }
    sendGracefulGoAway();
  }

  private void sendGracefulGoAway() {
    var goAway =
        new Http2GoAwayStreamSinkChannel(this, ERROR_NO_ERROR, Integer.MAX_VALUE) {
          @Override
          protected boolean isLastFrame() {
            return false;
          }
        };
    try {
      goAway.shutdownWrites();
      if (!goAway.flush()) {
        goAway.getWriteSetter().set(ChannelListeners.flushingChannelListener(null, null));
        goAway.resumeWrites();
      }
    } catch (IOException e) {
      IoUtils.safeClose(this);
    }
  }
}
