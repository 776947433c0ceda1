package dev.tidepool.worker.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      })
  void takesOverAWellFormedParent(String parent) {
    assertThat(RequestIds.isParent(parent)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
      })
  void replacesAnyOther(String parent) {
    assertThat(RequestIds.isParent(parent)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "a\nb", "<a>", "a;b", "ä"})
  void takesOverNoIdThatIsMoreThanText(String id) {
    assertThat(RequestIds.isId(id)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "3f2b-11.x_9:/+="})
  void takesOverAnId(String id) {
    assertThat(RequestIds.isId(id)).isTrue();
    assertThat(RequestIds.isId(id.repeat(128))).isEqualTo(id.length() == 1);
  }
}
