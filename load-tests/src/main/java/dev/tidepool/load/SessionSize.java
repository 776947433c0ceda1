package dev.tidepool.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * How many sessions of how many bytes. A session's value names the session, so that a reader can
 * tell whether it got the right one:
 *
 * <pre>
 *  0                    8          16        24
 *  | deadline           | claim: 0 | session | …
 * </pre>
 *
 * The first two are what Tidepool's store asks for.
 */
record SessionSize(int sessions, int bytes) {
  private static final int SESSION_AT = 16;

  byte[] newValue() {
    return newValue(Long.MAX_VALUE);
  }

  byte[] newValue(long deadlineMillis) {
    ByteBuffer value = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    return value.putLong(deadlineMillis).array();
  }

  static void stamp(byte[] value, int session) {
    for (int i = 0; i < Integer.BYTES; i++) {
      value[SESSION_AT + i] = (byte) (session >>> (Byte.SIZE * i));
    }
  }

  /** Fails if {@code value} is not that of {@code session}. */
  void check(byte[] value, int session) {
    for (int i = 0; i < Integer.BYTES; i++) {
      if (value.length != bytes || value[SESSION_AT + i] != (byte) (session >>> (Byte.SIZE * i))) {
        throw new IllegalStateException("a wrong value of " + value.length + " bytes");
      }
    }
  }

  /** Bytes that all values take. */
  long total() {
    return (long) sessions * bytes;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%,d sessions of %,d bytes", sessions, bytes);
  }
}
