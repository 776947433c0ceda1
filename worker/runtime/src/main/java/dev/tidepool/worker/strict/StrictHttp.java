package dev.tidepool.worker.strict;

import dev.tidepool.conf.HttpSettings;
import dev.tidepool.conf.LimitSettings;
import io.undertow.conduits.ReadDataStreamSourceConduit;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.RequestBufferingHandler;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.Locale;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * Stands before everything else that handles requests, and refuses what two readers may understand
 * in two ways: a proxy in front and the app behind must see the same requests. What Undertow checks
 * itself (line ends, names, control bytes, Host, Transfer-Encoding beside Content-Length) is not
 * checked again.
 */
public final class StrictHttp implements HttpHandler {
  private static final int OK = 0;
  private static final int MAX_LENGTH_DIGITS = 18; // fits a long
  private static final int BUFFER_BYTES = 16 * 1024;

  private final HttpSettings settings;
  private final int maxTrailerBytes;
  private final int maxFields;
  private final HttpHandler next;
  private final HttpHandler buffered;

  /** {@code next} sees requests whose body, or the first part of a large one, has been read. */
  public StrictHttp(HttpSettings settings, LimitSettings limits, HttpHandler next) {
    this.settings = settings;
    this.next = next;
    maxTrailerBytes = limits.headerSizeBytes();
    maxFields = limits.headerCount();
    int buffers = (int) ((limits.bodyBufferBytes() + BUFFER_BYTES - 1) / BUFFER_BYTES);
    buffered = buffers == 0 ? next : new RequestBufferingHandler(next, buffers);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (!(exchange.getConnection() instanceof HttpServerConnection connection)) {
      http2(exchange);
      return;
    }
    int status = head(exchange);
    if (status != OK) {
      Refusal.answer(exchange, status);
      return;
    }
    exchange.addDefaultResponseListener(Refusal.UNANSWERED);
    if (exchange.isRequestComplete()) {
      next.handleRequest(exchange);
      return;
    }
    if (exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)) {
      ConduitStreamSourceChannel source = connection.getChannel().getSourceChannel();
      var raw = new ReadDataStreamSourceConduit(connection.getOriginalSourceConduit(), connection);
      source.setConduit(new ChunkedBody(raw, exchange, connection, maxTrailerBytes));
    }
    if (HttpContinue.requiresContinueResponse(exchange)) {
      if (!HttpContinue.createResponseSender(exchange).send()) {
        throw new IOException("the client does not read its answers");
      }
      exchange.getRequestHeaders().remove(Headers.EXPECT);
    }
    buffered.handleRequest(exchange);
  }

  /**
   * It has framing of its own, but paths are what they are. Undertow counts only the names of its
   * fields.
   */
  private void http2(HttpServerExchange exchange) throws Exception {
    int status = OK;
    if (!RequestTarget.settle(exchange, settings.paths())) {
      status = StatusCodes.BAD_REQUEST;
    } else if (count(exchange.getRequestHeaders()) > maxFields) {
      status = StatusCodes.REQUEST_HEADER_FIELDS_TOO_LARGE;
    }
    if (status == OK) {
      next.handleRequest(exchange);
    } else {
      exchange.setStatusCode(status);
      exchange.endExchange();
    }
  }

  private static int count(HeaderMap fields) {
    int count = 0;
    for (long at = fields.fastIterate(); at != -1L; at = fields.fiNext(at)) {
      count += fields.fiCurrent(at).size();
    }
    return count;
  }

  /** The status to refuse the request with, or OK. */
  private int head(HttpServerExchange exchange) {
    if (!exchange.isHttp11() && !exchange.isHttp10()) {
      return StatusCodes.HTTP_VERSION_NOT_SUPPORTED; // one answer, no headers: HTTP/0.9
    }
    HttpString method = exchange.getRequestMethod();
    if (method.equals(Methods.CONNECT) || method.equals(Methods.TRACE)) {
      return StatusCodes.NOT_IMPLEMENTED;
    }
    if (!RequestTarget.settle(exchange, settings.paths())) {
      return StatusCodes.BAD_REQUEST;
    }
    HeaderMap fields = exchange.getRequestHeaders();
    HeaderValues connection = fields.get(Headers.CONNECTION);
    if (connection != null && says(connection, "close")) {
      exchange.setPersistent(false);
    }
    HeaderValues expect = fields.get(Headers.EXPECT);
    if (expect != null && !isOnly(expect, "100-continue")) {
      return StatusCodes.EXPECTATION_FAILED;
    }
    return framing(exchange, fields);
  }

  private static int framing(HttpServerExchange exchange, HeaderMap fields) {
    HeaderValues encoding = fields.get(Headers.TRANSFER_ENCODING);
    HeaderValues length = fields.get(Headers.CONTENT_LENGTH);
    if (encoding != null) {
      boolean chunked = length == null && exchange.isHttp11() && isOnly(encoding, "chunked");
      return chunked ? OK : StatusCodes.BAD_REQUEST;
    }
    if (length == null) {
      return OK;
    }
    if (length.size() != 1 || !isLength(length.getFirst())) {
      return StatusCodes.BAD_REQUEST;
    }
    long limit = exchange.getMaxEntitySize();
    return limit > 0 && Long.parseLong(length.getFirst()) > limit
        ? StatusCodes.REQUEST_ENTITY_TOO_LARGE
        : OK;
  }

  private static boolean isOnly(HeaderValues field, String value) {
    return field.size() == 1 && field.getFirst().equalsIgnoreCase(value);
  }

  private static boolean isLength(String value) {
    int digits = value.length();
    for (int i = 0; i < digits; i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return digits > 0 && digits <= MAX_LENGTH_DIGITS;
  }

  /** Whether a list, on one line or on several, has this element. */
  private static boolean says(HeaderValues lines, String element) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.equalsIgnoreCase(element)) {
        return true;
      }
      if (line.indexOf(',') >= 0) {
        for (String each : line.toLowerCase(Locale.ROOT).split(",", -1)) {
          if (each.strip().equals(element)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
