package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void isWhatOnlyThisProcessHas() {
    int self = (int) ProcessHandle.current().pid();
    long before = ProcessMemory.ownBytes(self);
    ByteBuffer touched = ByteBuffer.allocateDirect(64 << 20);

    assertThat(ProcessMemory.ownBytes(self) - before).isGreaterThan(32 << 20);
    assertThat(touched.capacity()).isPositive(); // until here it is not collected
    assertThat(ProcessMemory.ownBytes(Integer.MAX_VALUE)).isZero();
  }
}
