package dev.tidepool.worker;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A blocking HTTP/1.1 client on one connection, for GET requests of the worker to itself. */
final class WarmUpClient implements AutoCloseable {
  private static final int MAX_LINE = 64 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private final byte[] scratch = new byte[8192];
  private boolean closed;

  /** Two directions of one connection; closing {@code out} closes it. */
  WarmUpClient(InputStream in, OutputStream out) {
    this.in = new BufferedInputStream(in, 16 * 1024);
    this.out = out;
  }

  /** Owns {@code fd}, a stream socket in blocking mode. */
  static WarmUpClient of(int fd) throws IOException {
    // Reading and writing a socket are read(2) and write(2), as for a file. Only one may close it.
    var descriptor = Descriptors.of(fd);
    return new WarmUpClient(new FileInputStream(descriptor), new FileOutputStream(descriptor));
  }

  /**
   * Sends a request and reads the whole answer.
   *
   * @return the status code
   * @throws IOException if the answer is no HTTP/1.1, or breaks off
   */
  int get(OwnRequest target) throws IOException {
    String request =
        "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: tidepool-warm-up\r\n\r\n"
            .formatted(target.path(), target.host());
    out.write(request.getBytes(StandardCharsets.ISO_8859_1));
    String status = readLine();
    if (!status.startsWith("HTTP/1.1 ") || status.length() < 12) {
      throw new IOException("no HTTP/1.1 status line: " + status);
    }
    long length = -1;
    boolean chunked = false;
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      String field = line.toLowerCase(Locale.ROOT);
      if (field.startsWith("content-length:")) {
        length = Long.parseLong(field.substring(15).strip());
      } else if (field.startsWith("transfer-encoding:")) {
        chunked = field.contains("chunked");
      } else if (field.startsWith("connection:")) {
        closed = field.contains("close");
      }
    }
    int code = Integer.parseInt(status.substring(9, 12));
    readBody(code, chunked, length);
    return code;
  }

  /** True if the last answer was the last on this connection. */
  boolean isClosed() {
    return closed;
  }

  private void readBody(int code, boolean chunked, long length) throws IOException {
    if (code == 204 || code == 304) {
      return;
    }
    if (chunked) {
      long size;
      do {
        size = Long.parseLong(readLine().split(";", 2)[0].strip(), 16);
        discard(size);
        // The last chunk may be followed by trailers; like each chunk it ends with an empty line.
        while (!readLine().isEmpty()) {
          if (size > 0) {
            throw new IOException("a chunk is longer than its size of " + size + " bytes");
          }
        }
      } while (size > 0);
    } else if (length >= 0) {
      discard(length);
    } else {
      closed = true;
      while (in.read(scratch) >= 0) {
        // to the end of the connection
      }
    }
  }

  /** Skipping would seek, which a socket cannot. */
  private void discard(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      int read = in.read(scratch, 0, (int) Math.min(left, scratch.length));
      if (read < 0) {
        throw new EOFException("connection closed " + left + " bytes before the end of the body");
      }
      left -= read;
    }
  }

  private String readLine() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("connection closed in the middle of the answer");
      }
      if (line.length() == MAX_LINE) {
        throw new IOException("a line of the answer is longer than " + MAX_LINE + " bytes");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
