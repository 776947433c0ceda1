package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionKeyTest {

  @Test
  void anIdHas8To128Characters() {
    assertThat(SessionKey.isValidId("a".repeat(7))).isFalse();
    assertThat(SessionKey.isValidId("a".repeat(8))).isTrue();
    assertThat(SessionKey.isValidId("a".repeat(128))).isTrue();
    assertThat(SessionKey.isValidId("a".repeat(129))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"azAZ09-_.~", "--------", "~~~~~~~~"})
  void anIdMayHave(String id) {
    assertThat(SessionKey.isValidId(id)).isTrue();
    assertThat(SessionKey.id(SessionKey.of("shop", id))).isEqualTo(id);
    assertThat(SessionKey.app(SessionKey.of("shop", id))).isEqualTo("shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abcdefg/", "abcdefg:", "abcdefg@", "abcdefg[", "abcdefg`", "abcdefg{", "abcdefg\u007f",
        "abcdefg ", "abcdefg+", "abcdefg\0", "abcdefgé", "abcdefg٣", "\nabcdefgh", "abcdefgh\n"
      })
  void anIdMayNotHave(String id) {
    assertThat(SessionKey.isValidId(id)).isFalse();
    assertThatThrownBy(() -> SessionKey.of("shop", id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("A-Z a-z 0-9");
  }
}
