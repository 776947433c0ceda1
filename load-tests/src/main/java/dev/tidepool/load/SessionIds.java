package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Keys as long as real ones: an app, a zero byte, an id of 32 characters. */
final class SessionIds {
  private static final int DIGITS = Integer.BYTES * 2;

  private final byte[] key = "demo\0session-id-of-32-characters-00000000".getBytes(ISO_8859_1);

  /** The key of {@code session}, in the same array each time. */
  byte[] key(int session) {
    for (int i = 1; i <= DIGITS; i++) {
      key[key.length - i] = (byte) Character.forDigit(session >>> ((i - 1) * 4) & 15, 16);
    }
    return key;
  }
}
