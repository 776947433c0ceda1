package dev.tidepool.worker.strict;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;

/**
 * What is around the data of a chunked body, read byte by byte (RFC 9112, section 7.1):
 *
 * <pre>
 * chunk   = 1*HEXDIG [ *( SP / HTAB ) ";" extension ] CRLF data CRLF
 * last    = 1*"0"    [ *( SP / HTAB ) ";" extension ] CRLF *( name ":" value CRLF ) CRLF
 * </pre>
 *
 * No byte has a second reading: CR and LF are only line ends, and only as a pair.
 */
final class ChunkFraming {
  private enum At {
    SIZE,
    SPACE_AFTER_SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    LINE_START,
    NAME,
    VALUE,
    VALUE_LF,
    END_LF,
    END
  }

  /** So that a size fits a long. */
  private static final int MAX_SIZE_DIGITS = 15;

  private static final int MAX_EXTENSION = 4096;

  private final int maxTrailerBytes;
  private final StringBuilder text = new StringBuilder();
  private final HeaderMap trailers = new HeaderMap();
  private HttpString name = HttpString.EMPTY;
  private At at = At.SIZE;
  private long left;
  private int digits;
  private int extensionBytes;
  private int trailerBytes;

  /**
   * @param maxTrailerBytes of all fields behind the last chunk together
   */
  ChunkFraming(int maxTrailerBytes) {
    this.maxTrailerBytes = maxTrailerBytes;
  }

  /** Bytes of data that come next; 0 while framing comes next. */
  long dataLeft() {
    return at == At.DATA ? left : 0;
  }

  /** So many bytes of data, at most {@link #dataLeft}, have been taken. */
  void took(int bytes) {
    left -= bytes;
    if (left == 0) {
      at = At.DATA_CR;
    }
  }

  boolean ended() {
    return at == At.END;
  }

  /** The fields behind the last chunk, once {@link #ended}. */
  HeaderMap trailers() {
    return trailers;
  }

  /**
   * Reads framing up to the next data, the end of the body, or the end of {@code from}.
   *
   * @throws MalformedBodyException at the first byte that must not be there
   */
  void read(ByteBuffer from) throws MalformedBodyException {
    while (from.hasRemaining() && at != At.DATA && at != At.END) {
      at = next(from.get() & 0xff);
    }
  }

  private At next(int b) throws MalformedBodyException {
    return switch (at) {
      case SIZE -> size(b);
      case SPACE_AFTER_SIZE -> b == ';' ? At.EXTENSION : isBlank(b) ? extended(at) : refuse(b);
      case EXTENSION -> b == '\r' ? At.SIZE_LF : isText(b) ? extended(at) : refuse(b);
      case SIZE_LF -> lineFeed(b, left > 0 ? At.DATA : At.LINE_START);
      case DATA_CR -> b == '\r' ? At.DATA_LF : refuse(b);
      case DATA_LF -> {
        digits = 0;
        yield lineFeed(b, At.SIZE);
      }
      case LINE_START -> b == '\r' ? At.END_LF : name(b);
      case NAME -> name(b);
      case VALUE -> value(b);
      case VALUE_LF -> lineFeed(b, At.LINE_START);
      case END_LF -> lineFeed(b, At.END);
      case DATA, END -> throw new IllegalStateException("framing read while at " + at);
    };
  }

  private At size(int b) throws MalformedBodyException {
    int digit = Character.digit(b, 16); // of ASCII only: b is a byte
    if (digit >= 0) {
      digits++;
      if (digits > MAX_SIZE_DIGITS) {
        throw new MalformedBodyException(
            "a chunk size has more than " + MAX_SIZE_DIGITS + " digits");
      }
      left = left << 4 | digit;
      return At.SIZE;
    }
    if (digits == 0) {
      return refuse(b);
    }
    return switch (b) {
      case '\r' -> At.SIZE_LF;
      case ';' -> At.EXTENSION;
      case ' ', '\t' -> At.SPACE_AFTER_SIZE;
      default -> refuse(b);
    };
  }

  /** Bounded over all chunks: nobody reads extensions, so many are an attack. */
  private At extended(At same) throws MalformedBodyException {
    if (++extensionBytes > MAX_EXTENSION) {
      throw new MalformedBodyException("chunk extensions of more than " + MAX_EXTENSION + " bytes");
    }
    return same;
  }

  private At name(int b) throws MalformedBodyException {
    countTrailer();
    if (b == ':' && text.length() > 0) {
      name = new HttpString(text.toString());
      text.setLength(0);
      return At.VALUE;
    }
    if (!isTokenCharacter(b)) {
      return refuse(b);
    }
    text.append((char) b);
    return At.NAME;
  }

  private At value(int b) throws MalformedBodyException {
    if (b == '\r') {
      trailers.add(name, text.toString().strip());
      text.setLength(0);
      return At.VALUE_LF;
    }
    countTrailer();
    if (!isText(b)) {
      return refuse(b);
    }
    text.append((char) b);
    return At.VALUE;
  }

  private void countTrailer() throws MalformedBodyException {
    if (++trailerBytes > maxTrailerBytes) {
      throw new MalformedBodyException(
          "trailers of more than " + maxTrailerBytes + " bytes (limits.header-size)");
    }
  }

  private At lineFeed(int b, At then) throws MalformedBodyException {
    return b == '\n' ? then : refuse(b);
  }

  private At refuse(int b) throws MalformedBodyException {
    throw new MalformedBodyException(String.format("byte 0x%02x in a chunked body at %s", b, at));
  }

  private static boolean isBlank(int b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isText(int b) {
    return b == '\t' || (b >= ' ' && b != 0x7f);
  }

  private static boolean isTokenCharacter(int b) {
    return b > ' ' && b < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(b) < 0;
  }
}
