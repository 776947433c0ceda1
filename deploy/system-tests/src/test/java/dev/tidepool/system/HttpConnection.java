package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.SocketFactory;

/**
 * An HTTP/1.1 connection over a plain socket. Libraries retry and keep pools of their own, which
 * hides exactly what the tests must see: what became of each connection.
 */
final class HttpConnection implements Closeable {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Closeable socket;
  private final InputStream in;
  private final OutputStream out;
  private int answers;
  private boolean told;

  private HttpConnection(Closeable socket, InputStream in, OutputStream out) {
    this.socket = socket;
    this.in = new BufferedInputStream(in);
    this.out = out;
  }

  /** A whole answer; names of headers in lower case, one character of the body for each byte. */
  record Answer(int status, Map<String, String> headers, String body) {
    /** The process that answered, from a body with {@code pid=<pid>}; 0 if it names none. */
    int pid() {
      int at = body.indexOf("pid=");
      int end = at + 4;
      while (at >= 0 && end < body.length() && Character.isDigit(body.charAt(end))) {
        end++;
      }
      return at < 0 ? 0 : Integer.parseInt(body.substring(at + 4, end));
    }
  }

  /** Connects to a TCP address, or to a Unix socket (which has no time limit for its answers). */
  static HttpConnection open(SocketAddress address) throws RequestFailedException {
    return open(address, SocketFactory.getDefault());
  }

  /** The same with TCP sockets of this factory, such as one for TLS. */
  static HttpConnection open(SocketAddress address, SocketFactory sockets)
      throws RequestFailedException {
    try {
      if (address instanceof InetSocketAddress) {
        Socket socket = sockets.createSocket();
        try {
          socket.setTcpNoDelay(true);
          socket.setSoTimeout(TIMEOUT_MILLIS);
          socket.connect(address, TIMEOUT_MILLIS);
          return new HttpConnection(socket, socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
          socket.close();
          throw e;
        }
      }
      var channel = SocketChannel.open(address);
      return new HttpConnection(
          channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    } catch (IOException e) {
      throw new RequestFailedException(Failure.REFUSED, "connect to " + address, e);
    }
  }

  Answer get(String path) throws RequestFailedException {
    return exchange("GET", path, new byte[0], "");
  }

  /** Sends one request and reads its whole answer. {@code headers}: lines that end with CR LF. */
  Answer exchange(String method, String path, byte[] body, String headers)
      throws RequestFailedException {
    boolean begun = false;
    try {
      send(method, path, body, headers);
      String statusLine = line();
      begun = true;
      Answer answer = rest(method, statusLine);
      answers++;
      told = "close".equalsIgnoreCase(answer.headers().getOrDefault("connection", ""));
      return answer;
    } catch (SocketTimeoutException e) {
      throw new RequestFailedException(Failure.STALLED, method + " " + path, e);
    } catch (IOException e) {
      Failure failure =
          begun ? Failure.SHORT_ANSWER : answers > 0 ? Failure.CLOSED_UNTOLD : Failure.LOST;
      throw new RequestFailedException(
          failure, method + " " + path + " after " + answers + " answers", e);
    }
  }

  /** Sends a request without waiting for its answer. */
  void send(String method, String path, byte[] body, String headers) throws IOException {
    var request = new ByteArrayOutputStream();
    String head = method + " " + path + " HTTP/1.1\r\nHost: tidepool.test\r\n" + headers;
    if (!method.equals("GET")) {
      head += "Content-Length: " + body.length + "\r\n";
    }
    request.writeBytes((head + "\r\n").getBytes(ISO_8859_1));
    request.writeBytes(body);
    out.write(request.toByteArray());
    out.flush();
  }

  /** Reads the answer to what {@link #send} sent. */
  Answer receive() throws IOException {
    return rest("GET", line());
  }

  /** True once the last answer said that the connection ends with it. */
  boolean isToldToClose() {
    return told;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Answer rest(String method, String statusLine) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = method.equals("HEAD") ? new byte[0] : body(headers);
    int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    return new Answer(status, headers, new String(body, ISO_8859_1));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    var body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.writeBytes(exactly(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("end after " + bytes.length + " of " + length + " bytes of the body");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("end of the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
