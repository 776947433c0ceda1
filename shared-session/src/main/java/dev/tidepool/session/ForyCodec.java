package dev.tidepool.session;

import org.apache.fory.Fory;
import org.apache.fory.ThreadSafeFory;
import org.jspecify.annotations.Nullable;

/**
 * The app's objects by Apache Fory: several times as fast and small as Java serialization, and
 * fields may come, go and widen between two versions of the app. Belongs to one class loader.
 *
 * <p>The allow-list is asked for every class that the bytes name. It is not asked for the JDK
 * collections and values that Fory knows by number, such as {@link java.util.PriorityQueue}; they
 * run no code but that of their elements, which are asked for.
 */
final class ForyCodec implements SessionCodec {
  static final byte TAG = 2;
  private static final int MOST_INSTANCES = 32;
  private static final int MOST_DEPTH = 64;

  private final AllowList allowList;
  private final ThreadSafeFory fory;

  ForyCodec(ClassLoader loader, AllowList allowList) {
    this.allowList = allowList;
    this.fory =
        Fory.builder()
            .withXlang(false)
            .withCompatible(true)
            .withRefTracking(true)
            .withClassLoader(loader)
            .requireClassRegistration(false)
            .suppressClassRegistrationWarnings(true)
            .withDeserializeUnknownClass(false)
            .withAsyncCompilation(true)
            .withMaxDepth(MOST_DEPTH)
            .withTypeChecker((resolver, name) -> allowList.permits(name))
            .buildThreadSafeForyPool(MOST_INSTANCES);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  /** Null if a class is not allowed, or is one that Fory cannot write. */
  @Override
  public byte @Nullable [] encode(Object value) {
    if (!allowList.permits(value.getClass().getName())) {
      return null;
    }
    try {
      return fory.serialize(value);
    } catch (RuntimeException e) {
      return null; // the next codec may, or says why not
    }
  }

  @Override
  public Object decode(byte[] bytes) throws UndecodableException {
    try {
      Object value = fory.deserialize(bytes);
      if (value == null) {
        throw new UndecodableException("no object in " + bytes.length + " bytes");
      }
      return value;
    } catch (RuntimeException | LinkageError e) {
      throw new UndecodableException(String.valueOf(e.getMessage()), e);
    }
  }
}
