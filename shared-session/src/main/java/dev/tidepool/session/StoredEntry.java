package dev.tidepool.session;

/**
 * A copy of one entry: {@link SessionKey} and value. A class, since records compare arrays badly.
 */
final class StoredEntry {
  private final byte[] key;
  private final byte[] value;

  StoredEntry(byte[] key, byte[] value) {
    this.key = key;
    this.value = value;
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }
}
