package dev.tidepool.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts what a failed call tells. */
final class Failing {
  private Failing() {}

  static void fails(int errno, String message, ThrowingCallable call) {
    PosixException failure = catchThrowableOfType(PosixException.class, call);
    assertThat(failure).hasMessageContaining(message);
    assertThat(failure.errno()).isEqualTo(errno);
  }
}
