package dev.tidepool.system;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts in its session at {@code /session/counter}, with the cookie that it was given last. */
final class Visitor {
  private static final Pattern ANSWER =
      Pattern.compile("\\{\"count\":(\\d+),\"session\":\"([^\"]*)\",\"pid\":(\\d+)}");

  private String cookie = "";

  /** What the counter answered. */
  record Count(int count, String session, int pid) {}

  /** Adds one, on a connection of its own. */
  Count add(SocketAddress address) throws IOException {
    return count(address, "POST", "/session/counter");
  }

  Count look(SocketAddress address) throws IOException {
    return count(address, "GET", "/session/counter");
  }

  private Count count(SocketAddress address, String method, String path) throws IOException {
    try (var connection = HttpConnection.open(address)) {
      return count(connection, method, path, "Connection: close\r\n");
    }
  }

  /** On a connection that is kept. */
  Count add(HttpConnection connection, String query) throws IOException {
    return count(connection, "POST", "/session/counter" + query, "");
  }

  /** Any page, with the cookie. */
  HttpConnection.Answer get(HttpConnection connection, String path) throws IOException {
    return exchange(connection, "GET", path, "");
  }

  private HttpConnection.Answer exchange(
      HttpConnection connection, String method, String path, String headers) throws IOException {
    String own = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
    return connection.exchange(method, path, new byte[0], headers + own);
  }

  private Count count(HttpConnection connection, String method, String path, String headers)
      throws IOException {
    var answer = exchange(connection, method, path, headers);
    if (answer.status() != 200) {
      throw new RequestFailedException(
          Failure.WRONG_STATUS, path, new IOException(answer.status() + " " + answer.body()));
    }
    String given = answer.headers().get("set-cookie");
    if (given != null) {
      cookie = given.split(";", 2)[0];
    }
    Matcher match = ANSWER.matcher(answer.body());
    if (!match.matches()) {
      throw new AssertionError("no count: " + answer.body());
    }
    return new Count(
        Integer.parseInt(match.group(1)), match.group(2), Integer.parseInt(match.group(3)));
  }

  /** A second client of the same session. */
  Visitor sameSession() {
    var other = new Visitor();
    other.cookie = cookie;
    return other;
  }
}
