package dev.tidepool.conf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads listen addresses as users write them. */
final class AddressParser {
  /** {@code sun_path} has 108 bytes, one of them the end: see unix(7). */
  static final int LONGEST_UNIX_PATH = 107;

  private static final String UNIX = "unix:";
  private static final Pattern V4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern TCP =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\\w+)?)]|([\\w.-]+)):(\\d{1,5})");

  private AddressParser() {}

  /**
   * Parses {@code host:port}, {@code [v6]:port} or {@code unix:/path}.
   *
   * @throws IllegalArgumentException whose message says what was expected
   */
  static ListenAddress parse(String text) {
    return text.startsWith(UNIX) ? unix(text.substring(UNIX.length())) : tcp(text);
  }

  static boolean isV4(String text) {
    return V4.matcher(text).matches();
  }

  static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static ListenAddress tcp(String text) {
    Matcher matcher = TCP.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected \"host:port\", \"[v6]:port\" or \"unix:/path\"");
    }
    int port = Integer.parseInt(matcher.group(3));
    if (port > 65_535) {
      throw new IllegalArgumentException("expected a port, 0 to 65535");
    }
    String v6 = matcher.group(1);
    String host = v6 != null ? v6 : matcher.group(2);
    if (DIGITS_AND_DOTS.matcher(host).matches() && !isV4(host)) {
      throw new IllegalArgumentException("expected four numbers, 0 to 255, in the address");
    }
    return new ListenAddress.Tcp(host, port);
  }

  private static ListenAddress unix(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("expected an absolute path after \"unix:\"");
    }
    int bytes = bytes(path);
    if (bytes > LONGEST_UNIX_PATH) {
      throw new IllegalArgumentException(
          "expected a path of at most " + LONGEST_UNIX_PATH + " bytes, it has " + bytes);
    }
    return new ListenAddress.Unix(path);
  }
}
