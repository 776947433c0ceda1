package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * An answer of known length.
 *
 * @param closes whether it is the last one on its connection
 */
record HttpAnswer(String body, boolean closes) {

  /** Reads it, from a buffered stream. */
  static HttpAnswer read(InputStream in) throws IOException {
    int length = 0;
    boolean closes = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String field = line.toLowerCase(Locale.ROOT);
      if (field.startsWith("content-length:")) {
        length = Integer.parseInt(field.substring(15).strip());
      }
      closes |= field.equals("connection: close");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the answer breaks off");
    }
    return new HttpAnswer(new String(body, ISO_8859_1), closes);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
