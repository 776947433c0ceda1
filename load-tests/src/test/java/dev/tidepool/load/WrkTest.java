package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class WrkTest {
  @Test
  void readsTheRate() throws IOException {
    assertThat(Wrk.parse("  2 requests in 1s\nRequests/sec:  13806.25\nTransfer/sec: 1MB\n"))
        .isEqualTo(new Wrk.Run(13806.25, 2));
  }

  @Test
  void errorAnswersAreNoThroughput() {
    String output = "  2 requests in 1s\n  Non-2xx or 3xx responses: 12\nRequests/sec:  13806.25\n";
    assertThatThrownBy(() -> Wrk.parse(output))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Non-2xx");
  }
}
