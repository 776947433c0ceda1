package dev.tidepool.control;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All kinds of frames: their numbers, bodies, and how many descriptors go with them. The header is
 * drawn in {@link FrameCodec}. All numbers are big-endian; a text is a u32 length and UTF-8; a list
 * is a u32 count and its elements; a flag is a byte 0 or 1; a state is a byte, the code of {@link
 * WorkerState}; a question is a byte, the code of {@link SessionQuestion}.
 *
 * <pre>
 *   1 HELLO         | i32 pid | i64 start ticks | i32 record | i32 slot | i32 generation |
 *                   | u8 state | list of texts: addresses held |
 *   2 APP_STARTED   | i32 millis |
 *   3 WARMED        | i32 millis | i32 requests |
 *   4 FAILED        | text phase | text reason |
 *   5 SERVING       | i32 slot |
 *   6 DRAINED       | i64 served | i32 drained | i32 cut | i32 long-lived |
 *   7 SESSIONS_ANSWER | i32 number | i32 exit code | text |
 *
 *  32 WELCOME       | i32 record | i32 slot | i32 generation |
 *                   | text settings | texts apps | text certificates | text scoreboard |
 *  33 LISTEN        | text address | i32 listener |               1 descriptor
 *  34 MAILBOX       | i32 record |                                2 descriptors
 *  35 SERVE         | i32 slot |
 *  36 DRAIN         | text reason |
 *  37 STOP          | text reason |
 *  38 REOPEN_LOGS   |                                         1 descriptor
 *  39 SIBLING_GONE  | i32 record |
 *  40 ASK_SESSIONS  | i32 number | u8 question | text id |
 *  41 REFUSE        | text template | i64 nanos |
 *
 *  64 STATUS        |
 *  65 RELOAD        | flag await verdict |
 *  66 STOP_ALL      | flag fast |
 *  67 SCALE         | i32 count |
 *  68 REOPEN_ALL    |
 *  69 DRAIN_ALL     |
 *  70 REPLY         | i32 exit code | text |
 *  71 SESSIONS      | u8 question | text id |
 * </pre>
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
enum FrameType {
  HELLO(
      1,
      0,
      WorkerMessage.Hello.class,
      (m, out) ->
          out.i32(m.pid())
              .i64(m.startTicks())
              .i32(m.record())
              .i32(m.slot())
              .i32(m.generation())
              .u8(m.state().code())
              .texts(m.descriptors()),
      in ->
          new WorkerMessage.Hello(
              in.i32(), in.i64(), in.i32(), in.i32(), in.i32(), in.state(), in.texts())),
  APP_STARTED(
      2,
      0,
      WorkerMessage.AppStarted.class,
      (m, out) -> out.i32(m.startMillis()),
      in -> new WorkerMessage.AppStarted(in.i32())),
  WARMED(
      3,
      0,
      WorkerMessage.Warmed.class,
      (m, out) -> out.i32(m.warmMillis()).i32(m.requests()),
      in -> new WorkerMessage.Warmed(in.i32(), in.i32())),
  FAILED(
      4,
      0,
      WorkerMessage.Failed.class,
      (m, out) -> out.text(m.phase()).text(m.reason()),
      in -> new WorkerMessage.Failed(in.text(), in.text())),
  SERVING(
      5,
      0,
      WorkerMessage.Serving.class,
      (m, out) -> out.i32(m.slot()),
      in -> new WorkerMessage.Serving(in.i32())),
  DRAINED(
      6,
      0,
      WorkerMessage.Drained.class,
      (m, out) ->
          out.i64(m.served())
              .i32(m.drainedConnections())
              .i32(m.cutConnections())
              .i32(m.longLived()),
      in -> new WorkerMessage.Drained(in.i64(), in.i32(), in.i32(), in.i32())),
  SESSIONS_ANSWER(
      7,
      0,
      WorkerMessage.SessionsAnswer.class,
      (m, out) -> out.i32(m.number()).i32(m.exitCode()).text(m.text()),
      in -> new WorkerMessage.SessionsAnswer(in.i32(), in.i32(), in.text())),

  WELCOME(
      32,
      0,
      MasterMessage.Welcome.class,
      (m, out) ->
          out.i32(m.record())
              .i32(m.slot())
              .i32(m.generation())
              .text(m.settings())
              .texts(m.apps())
              .text(m.certificates())
              .text(m.scoreboard()),
      in ->
          new MasterMessage.Welcome(
              in.i32(), in.i32(), in.i32(), in.text(), in.texts(), in.text(), in.text())),
  LISTEN(
      33,
      1,
      MasterMessage.Listen.class,
      (m, out) -> out.text(m.address()).i32(m.listener()),
      in -> new MasterMessage.Listen(in.text(), in.i32())),
  MAILBOX(
      34,
      2,
      MasterMessage.Mailbox.class,
      (m, out) -> out.i32(m.record()),
      in -> new MasterMessage.Mailbox(in.i32())),
  SERVE(
      35,
      0,
      MasterMessage.Serve.class,
      (m, out) -> out.i32(m.slot()),
      in -> new MasterMessage.Serve(in.i32())),
  DRAIN(
      36,
      0,
      MasterMessage.Drain.class,
      (m, out) -> out.text(m.reason()),
      in -> new MasterMessage.Drain(in.text())),
  STOP(
      37,
      0,
      MasterMessage.Stop.class,
      (m, out) -> out.text(m.reason()),
      in -> new MasterMessage.Stop(in.text())),
  REOPEN_LOGS(
      38, 1, MasterMessage.ReopenLogs.class, (m, out) -> {}, in -> new MasterMessage.ReopenLogs()),
  SIBLING_GONE(
      39,
      0,
      MasterMessage.SiblingGone.class,
      (m, out) -> out.i32(m.record()),
      in -> new MasterMessage.SiblingGone(in.i32())),
  ASK_SESSIONS(
      40,
      0,
      MasterMessage.AskSessions.class,
      (m, out) -> out.i32(m.number()).u8(m.question().code()).text(m.id()),
      in -> new MasterMessage.AskSessions(in.i32(), in.sessionQuestion(), in.text())),
  REFUSE(
      41,
      0,
      MasterMessage.Refuse.class,
      (m, out) -> out.text(m.template()).i64(m.nanos()),
      in -> new MasterMessage.Refuse(in.text(), in.i64())),

  STATUS(64, 0, OperatorMessage.Status.class, (m, out) -> {}, in -> new OperatorMessage.Status()),
  RELOAD(
      65,
      0,
      OperatorMessage.Reload.class,
      (m, out) -> out.flag(m.awaitVerdict()),
      in -> new OperatorMessage.Reload(in.flag())),
  STOP_ALL(
      66,
      0,
      OperatorMessage.Stop.class,
      (m, out) -> out.flag(m.fast()),
      in -> new OperatorMessage.Stop(in.flag())),
  SCALE(
      67,
      0,
      OperatorMessage.Scale.class,
      (m, out) -> out.i32(m.count()),
      in -> new OperatorMessage.Scale(in.i32())),
  REOPEN_ALL(
      68,
      0,
      OperatorMessage.ReopenLogs.class,
      (m, out) -> {},
      in -> new OperatorMessage.ReopenLogs()),
  DRAIN_ALL(69, 0, OperatorMessage.Drain.class, (m, out) -> {}, in -> new OperatorMessage.Drain()),
  REPLY(
      70,
      0,
      OperatorMessage.Reply.class,
      (m, out) -> out.i32(m.exitCode()).text(m.text()),
      in -> new OperatorMessage.Reply(in.i32(), in.text())),
  SESSIONS(
      71,
      0,
      OperatorMessage.Sessions.class,
      (m, out) -> out.u8(m.question().code()).text(m.id()),
      in -> new OperatorMessage.Sessions(in.sessionQuestion(), in.text()));

  private static final Map<Integer, FrameType> BY_NUMBER =
      Stream.of(values()).collect(Collectors.toMap(type -> type.number, Function.identity()));
  private static final Map<Class<?>, FrameType> BY_MESSAGE =
      Stream.of(values()).collect(Collectors.toMap(type -> type.message, Function.identity()));

  private final int number;
  private final int descriptors;
  private final Class<?> message;
  private final BiConsumer<Message, BodyWriter> encoder;
  private final Decoder<?> decoder;

  <M extends Message> FrameType(
      int number,
      int descriptors,
      Class<M> message,
      BiConsumer<M, BodyWriter> encoder,
      Decoder<M> decoder) {
    this.number = number;
    this.descriptors = descriptors;
    this.message = message;
    this.encoder = (m, out) -> encoder.accept(message.cast(m), out);
    this.decoder = decoder;
  }

  static @Nullable FrameType ofNumber(int number) {
    return BY_NUMBER.get(number);
  }

  static FrameType of(Message message) {
    FrameType type = BY_MESSAGE.get(message.getClass());
    if (type == null) {
      throw new IllegalArgumentException(message.getClass() + " has no frame");
    }
    return type;
  }

  int number() {
    return number;
  }

  /** How many descriptors go with a frame of this type. */
  int descriptors() {
    return descriptors;
  }

  void encode(Message of, BodyWriter out) {
    encoder.accept(of, out);
  }

  Message decode(BodyReader in) throws ProtocolException {
    return decoder.decode(in);
  }

  /** Reads the fields in the order of the drawing. */
  @FunctionalInterface
  private interface Decoder<M extends Message> {
    M decode(BodyReader in) throws ProtocolException;
  }
}
