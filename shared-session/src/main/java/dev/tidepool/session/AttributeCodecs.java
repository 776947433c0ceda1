package dev.tidepool.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The codecs of one app and class loader, in the order in which they are asked to write. */
public final class AttributeCodecs {
  private final List<SessionCodec> codecs;
  private final Map<Byte, SessionCodec> byTag = new HashMap<>();

  /**
   * Puts codecs in order.
   *
   * @throws IllegalArgumentException if two have the same tag
   */
  public AttributeCodecs(List<SessionCodec> codecs) {
    this.codecs = List.copyOf(codecs);
    for (SessionCodec codec : codecs) {
      SessionCodec other = byTag.put(codec.tag(), codec);
      if (other != null) {
        throw new IllegalArgumentException(
            "tag "
                + codec.tag()
                + " of "
                + codec.getClass().getName()
                + " is also that of "
                + other.getClass().getName());
      }
    }
  }

  /** Values of the JDK, then Fory, then Java serialization. */
  public static AttributeCodecs standard(ClassLoader loader, AllowList allowList) {
    return new AttributeCodecs(
        List.of(
            new JdkValueCodec(),
            new ForyCodec(loader, allowList),
            new SerializationCodec(loader, allowList)));
  }

  /**
   * Writes a value.
   *
   * @throws IllegalArgumentException if no codec takes it: its class, or one of an object in it, is
   *     not on the allow-list or cannot be written
   */
  EncodedAttribute encode(String name, Object value) {
    for (SessionCodec codec : codecs) {
      byte[] bytes = codec.encode(value);
      if (bytes != null) {
        return new EncodedAttribute(codec.tag(), bytes, codec.isImmutable(value));
      }
    }
    throw new IllegalArgumentException(
        "session attribute "
            + name
            + ": objects of "
            + value.getClass().getName()
            + " cannot be stored; is the class (and those of its fields) covered by"
            + " sessions.allowed-classes?");
  }

  Object decode(EncodedAttribute attribute) throws UndecodableException {
    SessionCodec codec = byTag.get(attribute.tag());
    if (codec == null) {
      throw new UndecodableException("no codec has tag " + attribute.tag());
    }
    return codec.decode(attribute.bytes());
  }

  boolean isImmutable(EncodedAttribute attribute, Object value) {
    SessionCodec codec = byTag.get(attribute.tag());
    return codec != null && codec.isImmutable(value);
  }
}
