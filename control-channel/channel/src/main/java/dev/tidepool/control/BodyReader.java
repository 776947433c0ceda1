package dev.tidepool.control;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the body of one frame and names whatever does not fit. */
final class BodyReader {
  private final FrameType type;
  private final ByteBuffer body;
  private final int length;

  /** {@code body} starts at position 0 and ends at its limit. */
  BodyReader(FrameType type, ByteBuffer body) {
    this.type = type;
    this.body = body;
    this.length = body.limit();
  }

  int i32() throws ProtocolException {
    return need(Integer.BYTES).getInt();
  }

  long i64() throws ProtocolException {
    return need(Long.BYTES).getLong();
  }

  boolean flag() throws ProtocolException {
    int value = need(1).get();
    if (value != 0 && value != 1) {
      throw malformed("has " + value + " where 0 or 1 belongs");
    }
    return value == 1;
  }

  WorkerState state() throws ProtocolException {
    int code = need(1).get();
    WorkerState state = WorkerState.of(code);
    if (state == null) {
      throw malformed("has state " + code + ", there are 0 to " + WorkerState.GONE.code());
    }
    return state;
  }

  SessionQuestion sessionQuestion() throws ProtocolException {
    int code = need(1).get();
    SessionQuestion question = SessionQuestion.of(code);
    if (question == null) {
      throw malformed("asks question " + code + " of the sessions, there are 0 to 3");
    }
    return question;
  }

  String text() throws ProtocolException {
    int bytes = i32();
    if (bytes < 0) {
      throw malformed("has a text of " + Integer.toUnsignedString(bytes) + " bytes");
    }
    int end = need(bytes).position() + bytes;
    var utf8 = body.slice(body.position(), bytes);
    body.position(end);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw malformed("has a text before " + end + " that is not UTF-8");
    }
  }

  List<String> texts() throws ProtocolException {
    int count = i32();
    if (count < 0 || count > body.remaining() / Integer.BYTES) {
      throw malformed(
          "has %s texts, room is for %d"
              .formatted(Integer.toUnsignedString(count), body.remaining() / Integer.BYTES));
    }
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return List.copyOf(texts);
  }

  void end() throws ProtocolException {
    if (body.hasRemaining()) {
      throw malformed("ends after " + body.position());
    }
  }

  private ByteBuffer need(int bytes) throws ProtocolException {
    if (body.remaining() < bytes) {
      throw malformed("needs " + ((long) body.position() + bytes));
    }
    return body;
  }

  private ProtocolException malformed(String what) {
    return new ProtocolException(
        "type=" + type.number() + " length=" + length + ", " + type + " " + what);
  }
}
