package dev.tidepool.session;

import org.jspecify.annotations.Nullable;

/**
 * One way to write attribute values as bytes. The tag is stored with the bytes, so that a value is
 * read by the codec that wrote it, in whatever order they are asked to write. Used by many threads.
 */
public interface SessionCodec {

  /** 0 to 15 are Tidepool's. */
  byte tag();

  /** The value as bytes, or null if this codec does not take values of its kind. */
  byte @Nullable [] encode(Object value);

  /**
   * The value that was encoded.
   *
   * @throws UndecodableException if the bytes, or the classes that they name, are not acceptable
   */
  Object decode(byte[] bytes) throws UndecodableException;

  /** True if a value can only change by being set again. Others are compared after each request. */
  default boolean isImmutable(Object value) {
    return false;
  }
}
