package dev.tidepool.session;

import java.nio.charset.StandardCharsets;

/**
 * Names a session in the store: the app, since a client may carry one id through several apps of a
 * pool, a zero byte, and the id that the client knows.
 */
public final class SessionKey {
  /** Longest key in bytes. */
  public static final int MAXIMUM_BYTES = 256;

  private static final int MINIMUM_ID = 8;
  private static final int MAXIMUM_ID = 128;
  private static final int MAXIMUM_APP_BYTES = MAXIMUM_BYTES - MAXIMUM_ID - 1;

  private SessionKey() {}

  /** True if {@code id} can be one of ours: 8 to 128 of {@code A-Z a-z 0-9 - _ . ~}. */
  public static boolean isValidId(String id) {
    if (id.length() < MINIMUM_ID || id.length() > MAXIMUM_ID) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (!isAllowed(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~';
  }

  /**
   * The key of a session.
   *
   * @throws IllegalArgumentException if the id is not {@linkplain #isValidId valid} or the app's
   *     name takes more than 127 bytes
   */
  public static byte[] of(String app, String id) {
    if (!isValidId(id)) {
      throw new IllegalArgumentException(
          "a session id of "
              + id.length()
              + " characters, expected 8 to 128 of A-Z a-z 0-9 - _ . ~");
    }
    byte[] prefix = app.getBytes(StandardCharsets.UTF_8);
    if (prefix.length > MAXIMUM_APP_BYTES) {
      throw new IllegalArgumentException(
          "app " + app + ": longer than " + MAXIMUM_APP_BYTES + " bytes");
    }
    byte[] key = new byte[prefix.length + 1 + id.length()];
    System.arraycopy(prefix, 0, key, 0, prefix.length);
    for (int i = 0; i < id.length(); i++) {
      key[prefix.length + 1 + i] = (byte) id.charAt(i);
    }
    return key;
  }

  /** The app of a key. */
  public static String app(byte[] key) {
    return new String(key, 0, border(key), StandardCharsets.UTF_8);
  }

  /** The id of a key. */
  public static String id(byte[] key) {
    int from = border(key) + 1;
    return new String(key, from, key.length - from, StandardCharsets.US_ASCII);
  }

  private static int border(byte[] key) {
    int at = 0;
    while (at < key.length && key[at] != 0) {
      at++;
    }
    if (at == key.length) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes without an app");
    }
    return at;
  }
}
