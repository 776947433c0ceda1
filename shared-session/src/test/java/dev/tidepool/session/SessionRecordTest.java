package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that are changed in place are those that encoding again would give. */
class SessionRecordTest {
  private static final long CREATED = 1_000;
  private static final long NOW = 5_000;

  @ParameterizedTest
  @CsvSource({
    "1800, 3000", // later than the access that is stored
    "1800, 2000", // another worker has stored a later one
    "0, 3000", // never times out
    "-1, 3000"
  })
  void aUseIsAsIfEncodedAgain(int timeoutSeconds, long startedMillis) {
    SessionRecord stored = new SessionRecord(CREATED, timeoutSeconds);
    stored.version = 7;
    stored.accessedMillis = 2_500;
    stored.usedAt(stored.accessedMillis);
    stored.attributes.put("häufig", attribute("once"));
    stored.attributes.put("empty", attribute(""));
    byte[] value = stored.encode();
    byte[] before = value.clone();

    byte[] used = SessionRecord.used(value, startedMillis, NOW);

    SessionRecord expected = SessionRecord.decode(value);
    expected.version = 8;
    expected.accessedMillis = Math.max(2_500, startedMillis);
    expected.usedAt(NOW);
    assertThat(used).isEqualTo(expected.encode());
    assertThat(value).as("what others may read").isEqualTo(before);
  }

  private static EncodedAttribute attribute(String text) {
    return new EncodedAttribute((byte) 1, text.getBytes(StandardCharsets.UTF_8), false);
  }
}
