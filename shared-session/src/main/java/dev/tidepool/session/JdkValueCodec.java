package dev.tidepool.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of the JDK, compactly, without looking up a class: a byte for the type, then the value.
 *
 * <pre>
 *  S UTF-8        Z 0 or 1   B 1 byte   C 2   H 2 (Short)   I 4   L 8   F 4   D 8, all big-endian
 *  [ bytes        U 16 (UUID)           N scale, unscaled (BigDecimal)   G unscaled (BigInteger)
 *  i 8 + 4 (Instant)   d 8 + 4 (Duration)   t UTF-8 of type and ISO text (date and time)
 *  l UTF-8 of the language tag
 * </pre>
 */
final class JdkValueCodec implements SessionCodec {
  static final byte TAG = 1;

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public boolean isImmutable(Object value) {
    return !(value instanceof byte[]);
  }

  @Override
  public byte @Nullable [] encode(Object value) {
    if (value instanceof String text) {
      return text('S', text);
    } else if (value instanceof byte[] bytes) {
      byte[] copy = new byte[bytes.length + 1];
      copy[0] = '[';
      System.arraycopy(bytes, 0, copy, 1, bytes.length);
      return copy;
    } else if (value instanceof Locale locale) {
      return text('l', locale.toLanguageTag());
    } else if (isDateTime(value)) {
      return text('t', value.getClass().getSimpleName() + ' ' + value);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(17);
    try {
      return encode(value, new DataOutputStream(bytes)) ? bytes.toByteArray() : null;
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private static boolean isDateTime(Object value) {
    return value instanceof LocalDate
        || value instanceof LocalTime
        || value instanceof LocalDateTime
        || value instanceof OffsetDateTime
        || value instanceof ZonedDateTime;
  }

  private static boolean encode(Object value, DataOutputStream out) throws IOException {
    if (value instanceof Integer number) {
      out.writeByte('I');
      out.writeInt(number);
    } else if (value instanceof Long number) {
      out.writeByte('L');
      out.writeLong(number);
    } else if (value instanceof Boolean bool) {
      out.writeByte('Z');
      out.writeBoolean(bool);
    } else if (value instanceof Double number) {
      out.writeByte('D');
      out.writeDouble(number);
    } else if (value instanceof Float number) {
      out.writeByte('F');
      out.writeFloat(number);
    } else if (value instanceof Short number) {
      out.writeByte('H');
      out.writeShort(number);
    } else if (value instanceof Byte number) {
      out.writeByte('B');
      out.writeByte(number);
    } else if (value instanceof Character character) {
      out.writeByte('C');
      out.writeChar(character);
    } else {
      return encodeLarger(value, out);
    }
    return true;
  }

  private static boolean encodeLarger(Object value, DataOutputStream out) throws IOException {
    if (value instanceof UUID id) {
      out.writeByte('U');
      out.writeLong(id.getMostSignificantBits());
      out.writeLong(id.getLeastSignificantBits());
    } else if (value instanceof Instant instant) {
      out.writeByte('i');
      out.writeLong(instant.getEpochSecond());
      out.writeInt(instant.getNano());
    } else if (value instanceof Duration duration) {
      out.writeByte('d');
      out.writeLong(duration.getSeconds());
      out.writeInt(duration.getNano());
    } else if (value.getClass() == BigDecimal.class) {
      out.writeByte('N');
      out.writeInt(((BigDecimal) value).scale());
      out.write(((BigDecimal) value).unscaledValue().toByteArray());
    } else if (value.getClass() == BigInteger.class) {
      out.writeByte('G');
      out.write(((BigInteger) value).toByteArray());
    } else {
      return false;
    }
    return true;
  }

  @Override
  public Object decode(byte[] bytes) throws UndecodableException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte type = in.readByte();
      return switch (type) {
        case 'S' -> text(bytes);
        case '[' -> in.readAllBytes();
        case 'l' -> Locale.forLanguageTag(text(bytes));
        case 't' -> dateTime(text(bytes));
        case 'I' -> in.readInt();
        case 'L' -> in.readLong();
        case 'Z' -> in.readBoolean();
        case 'D' -> in.readDouble();
        case 'F' -> in.readFloat();
        case 'H' -> in.readShort();
        case 'B' -> in.readByte();
        case 'C' -> in.readChar();
        case 'U' -> new UUID(in.readLong(), in.readLong());
        case 'i' -> Instant.ofEpochSecond(in.readLong(), in.readInt());
        case 'd' -> Duration.ofSeconds(in.readLong(), in.readInt());
        case 'N' -> decimal(in);
        case 'G' -> new BigInteger(in.readAllBytes());
        default -> throw new UndecodableException("unknown value type " + type);
      };
    } catch (IOException | DateTimeException | NumberFormatException e) {
      throw new UndecodableException("a value of " + bytes.length + " bytes is damaged", e);
    }
  }

  private static BigDecimal decimal(DataInputStream in) throws IOException {
    int scale = in.readInt();
    return new BigDecimal(new BigInteger(in.readAllBytes()), scale);
  }

  private static Object dateTime(String text) throws UndecodableException {
    int border = text.indexOf(' ');
    String type = border < 0 ? text : text.substring(0, border);
    String iso = text.substring(border + 1);
    return switch (type) {
      case "LocalDate" -> LocalDate.parse(iso);
      case "LocalTime" -> LocalTime.parse(iso);
      case "LocalDateTime" -> LocalDateTime.parse(iso);
      case "OffsetDateTime" -> OffsetDateTime.parse(iso);
      case "ZonedDateTime" -> ZonedDateTime.parse(iso);
      default -> throw new UndecodableException("unknown time type");
    };
  }

  private static byte[] text(char type, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[utf8.length + 1];
    bytes[0] = (byte) type;
    System.arraycopy(utf8, 0, bytes, 1, utf8.length);
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
  }
}
