package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes to a server as they stand, and what comes back until it closes the connection. */
final class Wire {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final Pattern HEAD =
      Pattern.compile("HTTP/1\\.[01] (\\d{3})[^\\r\\n]*\\r\\n((?:[^\\r\\n]+\\r\\n)*)\\r\\n");
  private static final Pattern LENGTH = Pattern.compile("(?i)\\bcontent-length: (\\d+)");

  private Wire() {}

  /** The status of each answer, and "open" at the end if the connection was left open. */
  static List<String> statuses(InetSocketAddress address, String request) throws IOException {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      var answer = new ByteArrayOutputStream();
      boolean closed = true;
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        readAll(socket.getInputStream(), answer);
      } catch (SocketTimeoutException e) {
        closed = false;
      } catch (SocketException e) {
        // Reset: what came before counts.
      }
      List<String> statuses = parse(answer.toString(ISO_8859_1));
      if (!closed) {
        statuses.add("open");
      }
      return statuses;
    }
  }

  private static void readAll(InputStream in, ByteArrayOutputStream answer) throws IOException {
    byte[] part = new byte[8192];
    for (int bytes = in.read(part); bytes >= 0; bytes = in.read(part)) {
      answer.write(part, 0, bytes);
    }
  }

  private static List<String> parse(String answers) {
    List<String> statuses = new ArrayList<>();
    int at = 0;
    Matcher head = HEAD.matcher(answers);
    while (at < answers.length()) {
      if (!head.region(at, answers.length()).lookingAt()) {
        throw new AssertionError("no answer: " + answers.substring(at));
      }
      statuses.add(head.group(1));
      Matcher length = LENGTH.matcher(head.group(2));
      at = head.end() + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    }
    return statuses;
  }
}
