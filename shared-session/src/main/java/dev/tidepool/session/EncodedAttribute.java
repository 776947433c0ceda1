package dev.tidepool.session;

import java.util.Arrays;

/** The value of an attribute as it is stored: the tag of its codec and the codec's bytes. */
final class EncodedAttribute {
  private final byte tag;
  private final byte[] bytes;
  private final boolean immutable;

  EncodedAttribute(byte tag, byte[] bytes, boolean immutable) {
    this.tag = tag;
    this.bytes = bytes;
    this.immutable = immutable;
  }

  byte tag() {
    return tag;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Known when it was encoded here; false when it was read from the store. */
  boolean immutable() {
    return immutable;
  }

  boolean sameAs(EncodedAttribute other) {
    return tag == other.tag && Arrays.equals(bytes, other.bytes);
  }
}
