package dev.tidepool.system;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HTTP/2 on a plain socket by prior knowledge, as bare frames: for what no client would do. */
final class Http2Client implements AutoCloseable {
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;
  static final int REFUSED_STREAM = 7;
  static final int ENHANCE_YOUR_CALM = 11;

  static final int SETTINGS = 4;
  private static final int END_STREAM_AND_HEADERS = 5;
  private static final int MAX_FRAME = 16_384;
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;
  private int nextStream = 1;

  /**
   * A frame.
   *
   * @param error the code that RST_STREAM and GOAWAY carry, else 0
   * @param status that HEADERS begin with, else 0
   */
  record Frame(int type, int stream, int error, int status) {}

  Http2Client(InetSocketAddress address) throws IOException {
    socket.connect(address);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Opens a stream with a GET request; its number. */
  int get(String path) throws IOException {
    var block = new ByteArrayOutputStream();
    block.write(0x82); // :method GET
    block.write(0x86); // :scheme http
    literal(block, 4, path); // :path
    literal(block, 1, "localhost"); // :authority
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, END_STREAM_AND_HEADERS, stream, block.toByteArray());
    return stream;
  }

  /** Opens a stream with a GET request that has these fields, too, all named x; its number. */
  int get(String path, int fields, int bytesOfEach) throws IOException {
    var block = new ByteArrayOutputStream();
    block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86});
    literal(block, 4, path);
    literal(block, 1, "localhost");
    for (int i = 0; i < fields; i++) {
      block.writeBytes(new byte[] {0, 1, 'x', 0x7f});
      int rest = bytesOfEach - 0x7f;
      for (; rest > 0x7f; rest >>= 7) { // in groups of seven bits
        block.write((rest & 0x7f) | 0x80);
      }
      block.write(rest);
      block.writeBytes("v".repeat(bytesOfEach).getBytes(StandardCharsets.US_ASCII));
    }
    int stream = nextStream;
    nextStream += 2;
    byte[] all = block.toByteArray();
    for (int at = 0; at < all.length; at += MAX_FRAME) {
      int end = Math.min(at + MAX_FRAME, all.length);
      int endHeaders = end == all.length ? 4 : 0;
      byte[] part = Arrays.copyOfRange(all, at, end);
      frame(at == 0 ? HEADERS : CONTINUATION, at == 0 ? 1 | endHeaders : endHeaders, stream, part);
    }
    return stream;
  }

  /** The status that a stream is answered with; 0 if it, or the connection, ends without one. */
  int status(int stream) throws IOException {
    out.flush();
    try {
      while (true) {
        Frame frame = read();
        boolean its = frame.stream() == stream;
        if (frame.type() == GOAWAY || (its && frame.type() == RST_STREAM)) {
          return 0;
        }
        if (its && frame.type() == HEADERS) {
          return frame.status();
        }
      }
    } catch (EOFException | SocketException e) {
      return 0;
    }
  }

  void cancel(int stream) throws IOException {
    frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  void flush() throws IOException {
    out.flush();
  }

  Frame read() throws IOException {
    int lengthAndType = in.readInt();
    in.readByte();
    int stream = in.readInt();
    byte[] body = in.readNBytes(lengthAndType >>> 8);
    int type = lengthAndType & 0xff;
    int at = type == RST_STREAM ? 3 : type == GOAWAY ? 7 : -1;
    return new Frame(type, stream, at < 0 ? 0 : body[at], type == HEADERS ? status(body) : 0);
  }

  /** HPACK: the statuses of the static table have numbers, the others are plain text. */
  private static int status(byte[] block) {
    int at = (block[0] & 0xe0) == 0x20 ? 1 : 0; // a change of the table's size
    int[] known = {200, 204, 206, 304, 400, 404, 500};
    int number = block[at] & 0xff;
    return number >= 0x88 && number <= 0x8e
        ? known[number - 0x88]
        : Integer.parseInt(new String(block, at + 2, 3, StandardCharsets.US_ASCII));
  }

  /** HPACK: a field that is not indexed, with a name out of the static table. */
  private static void literal(ByteArrayOutputStream block, int name, String value) {
    block.write(name);
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  void frame(int type, int flags, int stream, byte[] body) throws IOException {
    out.writeInt(body.length << 8 | type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
