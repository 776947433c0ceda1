package dev.tidepool.worker.access;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request an id (X-Request-Id, also in the answer) and a place in a trace (W3C
 * traceparent), unless a proxy in front has given it one that is well-formed.
 */
public final class RequestIds implements HttpHandler {
  static final HttpString REQUEST_ID = new HttpString("X-Request-Id");
  static final HttpString TRACEPARENT = new HttpString("traceparent");
  private static final int LONGEST_ID = 128;

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
    String id = only(headers.get(REQUEST_ID));
    if (id == null || !isId(id)) {
      id = random(32);
      headers.put(REQUEST_ID, id);
    }
    exchange.getResponseHeaders().put(REQUEST_ID, id);
    String parent = only(headers.get(TRACEPARENT));
    if (parent == null || !isParent(parent)) {
      headers.put(TRACEPARENT, "00-" + random(32) + "-" + random(16) + "-00");
    }
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

  /** Never all zeros, which a trace must not be. */
  private static String random(int digits) {
    var random = ThreadLocalRandom.current();
    var text = new StringBuilder(digits);
    while (text.length() < digits) {
      text.append(HexFormat.of().toHexDigits(random.nextLong() | 1));
    }
    return text.toString();
  }
}
