package dev.tidepool.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Java serialization for what no other codec takes, with a filter on what may be read. */
final class SerializationCodec implements SessionCodec {
  static final byte TAG = 3;
  private static final long MOST_DEPTH = 64;
  private static final long MOST_REFERENCES = 100_000;

  private final ClassLoader loader;
  private final AllowList allowList;

  SerializationCodec(ClassLoader loader, AllowList allowList) {
    this.loader = loader;
    this.allowList = allowList;
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public byte @Nullable [] encode(Object value) {
    if (!(value instanceof Serializable) || !allowList.permits(value.getClass().getName())) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new CheckedOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      return null;
    }
    return bytes.toByteArray();
  }

  @Override
  public Object decode(byte[] bytes) throws UndecodableException {
    try (ObjectInputStream in = new LoaderInputStream(new ByteArrayInputStream(bytes))) {
      in.setObjectInputFilter(this::check);
      return in.readObject();
    } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
      throw new UndecodableException(String.valueOf(e.getMessage()), e);
    }
  }

  private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
    if (info.depth() > MOST_DEPTH || info.references() > MOST_REFERENCES) {
      return ObjectInputFilter.Status.REJECTED;
    }
    Class<?> type = info.serialClass();
    if (type == null) {
      return ObjectInputFilter.Status.UNDECIDED;
    }
    boolean allowed = isAllowed(type);
    return allowed ? ObjectInputFilter.Status.ALLOWED : ObjectInputFilter.Status.REJECTED;
  }

  private boolean isAllowed(Class<?> type) {
    return type.isPrimitive() || allowList.permits(type.getName());
  }

  /** Writes nothing that could not be read again. */
  private final class CheckedOutputStream extends ObjectOutputStream {
    CheckedOutputStream(OutputStream out) throws IOException {
      super(out);
    }

    @Override
    protected void annotateClass(Class<?> type) throws IOException {
      if (!isAllowed(type)) {
        throw new InvalidClassException(type.getName(), "not allowed");
      }
    }
  }

  /** Finds the app's classes, which the loader of this class does not see. */
  private final class LoaderInputStream extends ObjectInputStream {
    LoaderInputStream(InputStream in) throws IOException {
      super(in);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description); // primitives
      }
    }
  }
}
