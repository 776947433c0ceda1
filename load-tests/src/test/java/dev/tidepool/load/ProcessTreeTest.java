package dev.tidepool.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ProcessTreeTest {
  @Test
  void namesMayLookLikeFields() {
    String stat = "7 (a) S 1 (b) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 1 0 100 5 6";
    assertThat(ProcessTree.cpuTicks(stat)).isEqualTo(300);
  }

  @Test
  void measuresThisProcess() throws IOException {
    var self = new ProcessTree(ProcessHandle.current());
    assertThat(self.cpuSeconds()).isPositive();
    assertThat(self.pssMegabytes()).isGreaterThan(1);
  }
}
