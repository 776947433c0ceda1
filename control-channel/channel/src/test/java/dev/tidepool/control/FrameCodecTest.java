package dev.tidepool.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameCodecTest {

  /** Each message with its bytes, which must stay: an older master or worker reads them. */
  static Stream<Arguments> golden() {
    return Stream.of(
        frame(
            new WorkerMessage.Hello(4711, 5, -1, -1, 2, WorkerState.SERVING, List.of("a", "é")),
            "0000002c 01 01 0000 00001267 0000000000000005 ffffffff ffffffff 00000002 03"
                + "00000002 00000001 61 00000002 c3a9"),
        frame(new WorkerMessage.AppStarted(258), "00000008 01 02 0000 00000102"),
        frame(new WorkerMessage.Warmed(3, 4), "0000000c 01 03 0000 00000003 00000004"),
        frame(
            new WorkerMessage.Failed("load", "no"),
            "00000012 01 04 0000 00000004 6c6f6164 00000002 6e6f"),
        frame(new WorkerMessage.Serving(7), "00000008 01 05 0000 00000007"),
        frame(
            new WorkerMessage.Drained(9, 8, 7, 6),
            "00000018 01 06 0000 0000000000000009 00000008 00000007 00000006"),
        frame(
            new WorkerMessage.SessionsAnswer(2, 1, "no"),
            "00000012 01 07 0000 00000002 00000001 00000002 6e6f"),
        frame(
            new MasterMessage.Welcome(1, 2, 3, "{}", List.of("a", "b"), "c", "s"),
            "0000002e 01 20 0000 00000001 00000002 00000003 00000002 7b7d"
                + "00000002 00000001 61 00000001 62 00000001 63 00000001 73"),
        frame(new MasterMessage.Listen("a", 5), "0000000d 01 21 0001 00000001 61 00000005"),
        frame(new MasterMessage.Mailbox(6), "00000008 01 22 0002 00000006"),
        frame(new MasterMessage.Serve(5), "00000008 01 23 0000 00000005"),
        frame(new MasterMessage.Drain("r"), "00000009 01 24 0000 00000001 72"),
        frame(new MasterMessage.Stop("r"), "00000009 01 25 0000 00000001 72"),
        frame(new MasterMessage.ReopenLogs(), "00000004 01 26 0001"),
        frame(new MasterMessage.SiblingGone(4), "00000008 01 27 0000 00000004"),
        frame(
            new MasterMessage.AskSessions(3, SessionQuestion.SHOW, "id"),
            "0000000f 01 28 0000 00000003 01 00000002 6964"),
        frame(new MasterMessage.Refuse("r", 6), "00000011 01 29 0000 00000001 72 0000000000000006"),
        frame(new OperatorMessage.Status(), "00000004 01 40 0000"),
        frame(new OperatorMessage.Reload(true), "00000005 01 41 0000 01"),
        frame(new OperatorMessage.Stop(false), "00000005 01 42 0000 00"),
        frame(new OperatorMessage.Scale(6), "00000008 01 43 0000 00000006"),
        frame(new OperatorMessage.ReopenLogs(), "00000004 01 44 0000"),
        frame(new OperatorMessage.Drain(), "00000004 01 45 0000"),
        frame(new OperatorMessage.Reply(77, ""), "0000000c 01 46 0000 0000004d 00000000"),
        frame(
            new OperatorMessage.Sessions(SessionQuestion.VERIFY, ""),
            "00000009 01 47 0000 03 00000000"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void hasExactlyTheseBytes(Message message, byte[] bytes) throws ProtocolException {
    FrameType type = FrameType.of(message);

    assertThat(FrameCodec.encode(message, type.descriptors())).isEqualTo(ByteBuffer.wrap(bytes));
    assertThat(decode(bytes)).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void namesEveryTruncationAndEveryTrailingByte(Message message, byte[] bytes) {
    for (int cut = FrameCodec.HEADER; cut < bytes.length; cut++) {
      byte[] shorter = java.util.Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> decode(shorter))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("length=" + (cut - FrameCodec.HEADER));
    }
    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> decode(longer))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("ends after " + (bytes.length - FrameCodec.HEADER));
  }

  @Test
  void everyTypeIsGolden() {
    assertThat(golden().map(a -> FrameType.of((Message) a.get()[0])))
        .containsExactly(FrameType.values());
  }

  @Test
  void saysWhatWasReadAndWhatWasNeeded() {
    malformed("01 06 0000 0000000000000000 000000", "type=6 length=11, DRAINED needs 12");
    malformed("01 41 0000 02", "type=65 length=1, RELOAD has 2 where 0 or 1 belongs");
    malformed("01 24 0000 ffffffff", "type=36 length=4, DRAIN has a text of 4294967295 bytes");
    malformed("01 24 0000 7fffffff", "type=36 length=4, DRAIN needs 2147483651");
    malformed(
        "01 24 0000 00000001 ff", "type=36 length=5, DRAIN has a text before 5 that is not UTF-8");
    malformed(
        "01 01 0000 00000000 0000000000000000 00000000 00000000 00000000 09 00000000",
        "type=1 length=29, HELLO has state 9, there are 0 to 6");
    malformed(
        "01 01 0000 00000000 0000000000000000 00000000 00000000 00000000 00 7fffffff",
        "type=1 length=29, HELLO has 2147483647 texts, room is for 0");
    malformed("02 40 0000", "version=2 type=64 length=0, this side speaks version 1");
    malformed("01 00 0000", "type=0 length=0, there is no such type");
    malformed("01 40 0001", "type=64 length=0, STATUS goes with 0 descriptors, not 1");
  }

  @Test
  void checksLengthsAsUnsigned() {
    assertThatThrownBy(() -> FrameCodec.length(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}), 0, 99))
        .hasMessage("length=4294967295, a frame has 4 to 99");
    assertThatThrownBy(() -> FrameCodec.length(ByteBuffer.wrap(new byte[] {0, 0, 0, 3}), 0, 99))
        .hasMessage("length=3, a frame has 4 to 99");
    assertThatThrownBy(() -> FrameCodec.length(ByteBuffer.wrap(new byte[] {0, 0, 0, 100}), 0, 99))
        .hasMessage("length=100, a frame has 4 to 99");
  }

  @Test
  void goesWithItsDescriptorsOnly() {
    assertThatThrownBy(() -> FrameCodec.encode(new MasterMessage.Mailbox(1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("MAILBOX goes with 2 descriptors, not 1");
  }

  private static void malformed(String afterLength, String message) {
    byte[] rest = bytes(afterLength);
    byte[] frame = ByteBuffer.allocate(4 + rest.length).putInt(rest.length).put(rest).array();
    assertThatThrownBy(() -> decode(frame))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(message);
  }

  private static Message decode(byte[] frame) throws ProtocolException {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    FrameType type = FrameCodec.type(bytes, 0, frame.length - 4);
    return FrameCodec.decode(type, bytes.slice(8, frame.length - 8));
  }

  private static Arguments frame(Message message, String hex) {
    return Arguments.of(message, bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
