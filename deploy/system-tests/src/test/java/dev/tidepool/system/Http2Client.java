package dev.tidepool.system;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

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
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;
  private int nextStream = 1;

  /** A frame: {@code error} is the code that RST_STREAM and GOAWAY carry, else 0. */
  record Frame(int type, int stream, int error) {}

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
    return new Frame(type, stream, at < 0 ? 0 : body[at]);
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
