package io.undertow.protocols.http2;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.protocol.framed.FrameHeaderData;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;

/**
 * The server's side of an HTTP/2 connection. Undertow announces how many streams a client may have
 * open but does not enforce it, and its GOAWAY closes the connection under the open ones.
 */
@NullUnmarked // nor are Undertow's own classes in this package annotated
public final class ServedHttp2Channel extends Http2Channel {
  private final BooleanSupplier full;

  /**
   * @param full asked for each new stream, which is refused if it says so
   */
  public ServedHttp2Channel(
      StreamConnection connection, ByteBufferPool pool, OptionMap options, BooleanSupplier full) {
    super(connection, null, pool, null, false, false, options);
    this.full = full;
  }

  @Override
  protected AbstractHttp2StreamSourceChannel createChannel(
      FrameHeaderData header, PooledByteBuffer data) throws IOException {
    AbstractHttp2StreamSourceChannel channel = super.createChannel(header, data);
    if (channel instanceof Http2StreamSourceChannel stream && full.getAsBoolean()) {
      sendRstStream(stream.getStreamId(), ERROR_REFUSED_STREAM); // the client may send it again
      return null;
    }
    return channel;
  }

  /**
   * Asks the client for no more streams on this connection; all that it opens until it has heard
   * are still served (RFC 9113, section 6.8: the last stream id at its maximum). Any thread.
   */
  public void announceGoAway() {
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
