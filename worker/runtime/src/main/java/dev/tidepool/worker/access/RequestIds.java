package dev.tidepool.worker.access;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request an id (X-Request-Id, also in the answer) and a place in a trace (W3C
 * traceparent), unless a proxy in front has given it one that is well-formed. An id that is made is
 * that of the trace.
 */
public final class RequestIds implements HttpHandler {
  static final HttpString REQUEST_ID = new HttpString("X-Request-Id");
  static final HttpString TRACEPARENT = new HttpString("traceparent");
  private static final int LONGEST_ID = 128;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

  /** Where the id of the trace begins and ends. */
  private static final int TRACE = 3;

  private static final int TRACE_END = 35;
  private static final byte[] EMPTY_PARENT =
      ("00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-00").getBytes(StandardCharsets.ISO_8859_1);

  private static final String TRACE_PARENT_FLAGS =
      "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

  /** Versions after 00 may append more. */
  private static final Pattern PARENT =
      Pattern.compile(
          "00" + TRACE_PARENT_FLAGS + "|(?!00|ff)[0-9a-f]{2}" + TRACE_PARENT_FLAGS + "(-.*)?");

  private final HttpHandler next;

  public RequestIds(HttpHandler next) {
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    HeaderMap headers = exchange.getRequestHeaders();
    String parent = only(headers.get(TRACEPARENT));
    if (parent == null || !isParent(parent)) {
      parent = newParent();
      headers.put(TRACEPARENT, parent);
    }
    String id = only(headers.get(REQUEST_ID));
    if (id == null || !isId(id)) {
      id = parent.substring(TRACE, TRACE_END);
      headers.put(REQUEST_ID, id);
    }
    exchange.getResponseHeaders().put(REQUEST_ID, id);
    next.handleRequest(exchange);
  }

  private static @Nullable String only(@Nullable HeaderValues values) {
    return values != null && values.size() == 1 ? values.getFirst() : null;
  }

  /** Short, and nothing in it that a log, a shell or a page would take for more than text. */
  static boolean isId(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean harmless =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-_.:+/=".indexOf(c) >= 0;
      if (!harmless) {
        return false;
      }
    }
    return !id.isEmpty() && id.length() <= LONGEST_ID;
  }

  static boolean isParent(String parent) {
    return PARENT.matcher(parent).matches();
  }

  /** Neither of its ids is all zeros, which they must not be. */
  private static String newParent() {
    var random = ThreadLocalRandom.current();
    byte[] text = EMPTY_PARENT.clone();
    put(random.nextLong(), text, TRACE);
    put(random.nextLong() | 1, text, TRACE_END - 16);
    put(random.nextLong() | 1, text, TRACE_END + 1);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void put(long value, byte[] text, int at) {
    for (int i = 0; i < 16; i++) {
      text[at + i] = DIGITS[(int) (value >>> (60 - 4 * i)) & 0xf];
    }
  }
}
