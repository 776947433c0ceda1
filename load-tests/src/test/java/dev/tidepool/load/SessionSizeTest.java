package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SessionSizeTest {
  private final SessionSize size = new SessionSize(1_000_000, 512);

  @Test
  void theValueOfAnotherSessionIsWrong() {
    byte[] value = size.newValue();
    SessionSize.stamp(value, 987_654);
    size.check(value, 987_654);
    assertThatThrownBy(() -> size.check(value, 987_655)).hasMessageContaining("wrong value");
    assertThatThrownBy(() -> size.check(new byte[511], 0)).hasMessageContaining("511");
  }

  @Test
  void sessionsHaveDifferentKeysOfOneLength() {
    var ids = new SessionIds();
    String first = new String(ids.key(0x12345), ISO_8859_1);
    String second = new String(ids.key(0x12346), ISO_8859_1);
    assertThat(first).endsWith("-00012345").hasSameSizeAs(second);
    assertThat(second).endsWith("-00012346");
  }
}
