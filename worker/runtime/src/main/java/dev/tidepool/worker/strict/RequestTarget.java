package dev.tidepool.worker.strict;

import dev.tidepool.conf.HttpSettings.Paths;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What a request asks for: its path, as everybody on the way reads it. */
final class RequestTarget {
  private static final String UNESCAPED = "-._~!$&'()*+,;=:@/";

  private RequestTarget() {}

  /**
   * Makes path and Host of the exchange what they mean.
   *
   * @return false if the request is to be refused
   */
  static boolean settle(HttpServerExchange exchange, Paths paths) {
    String target = exchange.getRequestURI();
    if (exchange.isHostIncludedInRequestURI()) {
      int host = target.indexOf("://") + 3;
      int slash = target.indexOf('/', host);
      String authority = target.substring(host, slash < 0 ? target.length() : slash);
      if (host < 3 || authority.isEmpty() || authority.indexOf('@') >= 0) {
        return false;
      }
      // RFC 9112, section 3.2.2: it replaces what the Host field says.
      exchange.getRequestHeaders().put(Headers.HOST, authority);
      target = slash < 0 ? "/" : target.substring(slash);
      exchange.setRequestURI(target);
    } else if (target.equals("*")) {
      return exchange.getRequestMethod().equals(Methods.OPTIONS);
    }
    if (!target.startsWith("/")) {
      return false;
    }
    return isPlain(target) || settlePath(exchange, target, paths);
  }

  /** Most paths: nothing encoded, no parameters, no empty segment, none that begins with a dot. */
  private static boolean isPlain(String path) {
    char before = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%' || c == ';' || (before == '/' && (c == '/' || c == '.'))) {
        return false;
      }
      before = c;
    }
    return true;
  }

  private static boolean settlePath(HttpServerExchange exchange, String raw, Paths paths) {
    String decoded = decode(raw);
    String canonical = decoded == null ? null : canonical(decoded);
    if (decoded == null || canonical == null) {
      return false;
    }
    switch (paths) {
      case REFUSE -> {
        boolean ambiguous =
            !canonical.equals(decoded) || raw.indexOf(';') >= 0 || encodesSlash(raw);
        return !ambiguous;
      }
      case CANONICAL -> {
        exchange.setRequestURI(escape(canonical));
        exchange.setRequestPath(canonical);
        exchange.setRelativePath(canonical);
        exchange.getPathParameters().clear();
        return true;
      }
      case AS_SENT -> {
        return true;
      }
    }
    throw new IllegalStateException("no such policy: " + paths);
  }

  /** Null for a malformed escape, a NUL, or bytes that are not UTF-8. */
  private static @Nullable String decode(String raw) {
    var bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      int b = raw.charAt(i);
      if (b == '%') {
        int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
        if (low < 0) {
          return null;
        }
        b = high << 4 | low;
        i += 2;
      }
      if (b == 0) {
        return null;
      }
      bytes.write(b);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * Without empty segments, "." and "..", as nginx does before it looks for a location. Null if the
   * path leads above the root.
   */
  private static @Nullable String canonical(String path) {
    Deque<String> segments = new ArrayDeque<>();
    String last = "";
    for (String segment : path.split("/", -1)) {
      last = segment;
      switch (segment) {
        case "", "." -> {}
        case ".." -> {
          if (segments.pollLast() == null) {
            return null;
          }
        }
        default -> segments.addLast(segment);
      }
    }
    boolean directory = last.isEmpty() || last.equals(".") || last.equals("..");
    String joined = "/" + String.join("/", segments);
    return directory && !segments.isEmpty() ? joined + "/" : joined;
  }

  private static boolean encodesSlash(String raw) {
    return raw.contains("%2f") || raw.contains("%2F");
  }

  private static String escape(String path) {
    var escaped = new StringBuilder(path.length() + 8);
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNESCAPED.indexOf(c) >= 0);
      if (plain) {
        escaped.append(c);
      } else {
        escaped.append(String.format("%%%02X", (int) c));
      }
    }
    return escaped.toString();
  }
}
