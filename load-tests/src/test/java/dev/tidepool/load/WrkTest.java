package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class WrkTest {
  @Test
  void readsTheRate() throws IOException {
    assertThat(Wrk.rate("  2 requests in 1s\nRequests/sec:  13806.25\nTransfer/sec: 1MB\n"))
        .isEqualTo(13806.25);
  }

  @Test
  void errorAnswersAreNoThroughput() {
    String output = "  Non-2xx or 3xx responses: 12\nRequests/sec:  13806.25\n";
    assertThatThrownBy(() -> Wrk.rate(output))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Non-2xx");
  }
}
