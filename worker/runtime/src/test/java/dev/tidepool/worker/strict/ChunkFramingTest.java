package dev.tidepool.worker.strict;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkFramingTest {
  private static final int MAX_TRAILERS = 100;

  private final ChunkFraming framing = new ChunkFraming(MAX_TRAILERS);

  /** The data of a body that arrives in pieces of this size; what is behind it stays unread. */
  private String data(String raw, int piece) throws MalformedBodyException {
    var data = new StringBuilder();
    var bytes = ByteBuffer.wrap(raw.getBytes(ISO_8859_1));
    while (bytes.hasRemaining() && !framing.ended()) {
      ByteBuffer part = bytes.slice(bytes.position(), Math.min(piece, bytes.remaining()));
      if (framing.dataLeft() > 0) {
        int taken = (int) Math.min(part.remaining(), framing.dataLeft());
        data.append(ISO_8859_1.decode(part.limit(taken)));
        framing.took(taken);
      } else {
        framing.read(part);
      }
      bytes.position(bytes.position() + part.position());
    }
    assertThat(framing.ended()).isTrue();
    return data + "|" + ISO_8859_1.decode(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void readsDataAndTrailersHoweverTheyArrive(int piece) throws MalformedBodyException {
    String raw =
        "5\r\nhello\r\n00A;name=\"a;b\"\r\n, world\r\n\n\r\n1 \t;x\r\n!\r\n"
            + "0\r\nDigest: abc \r\nX:\r\n\r\nGET /";
    assertThat(data(raw, piece)).isEqualTo("hello, world\r\n\n!|GET /");
    assertThat(framing.trailers().getFirst("digest")).isEqualTo("abc");
    assertThat(framing.trailers().getFirst("x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n", // no digit
        ";x\r\n",
        "x\r\n",
        " 5\r\n",
        "+5\r\n",
        "-5\r\n",
        "0x5\r\nhello\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\r\r\nhello",
        "5 \r\nhello",
        "5 x\r\nhello",
        "5;a\nb\r\nhello",
        "5;a\rb\r\nhello",
        "5;a\0b\r\nhello",
        "5\r\nhello!\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhello\r0\r\n\r\n",
        "1000000000000000\r\n",
        "0\r\nA b: c\r\n\r\n",
        "0\r\n: c\r\n\r\n",
        "0\r\n folded\r\n\r\n",
        "0\r\nA: c\n\r\n",
        "0\r\nA: \0\r\n\r\n",
        "0\r\nno colon\r\n\r\n",
        "0\r\n\n",
        "0\n\r\n",
      })
  void refuses(String raw) {
    assertThatThrownBy(() -> data(raw, 1000)).isInstanceOf(MalformedBodyException.class);
  }

  @Test
  void boundsWhatNobodyReads() {
    assertThatThrownBy(() -> data("0\r\nA: " + "b".repeat(MAX_TRAILERS) + "\r\n\r\n", 10))
        .hasMessageContaining("more than 100 bytes (limits.header-size)");
  }

  @Test
  void boundsExtensionsOfAllChunksTogether() {
    String chunk = "1;" + "x".repeat(500) + "\r\na\r\n";
    assertThatThrownBy(() -> data(chunk.repeat(10) + "0\r\n\r\n", 10))
        .hasMessageContaining("4096 bytes");
  }
}
