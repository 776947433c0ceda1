package dev.tidepool.servlet.java;

import dev.tidepool.servlet.EnvironmentContext;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.naming.spi.ObjectFactory;
import org.jspecify.annotations.Nullable;

/**
 * Of the name that {@link javax.naming.spi.NamingManager#getURLContext} makes out of the scheme.
 */
@SuppressWarnings("BanJNDI") // knows one context, of values that are in memory
public final class javaURLContextFactory implements ObjectFactory, InitialContextFactory {

  @Override
  public Object getObjectInstance(
      @Nullable Object url,
      @Nullable Name name,
      @Nullable Context context,
      @Nullable Hashtable<?, ?> environment)
      throws NamingException {
    Context root = EnvironmentContext.ofThisThread();
    return url instanceof String path ? root.lookup(path) : root;
  }

  @Override
  public Context getInitialContext(@Nullable Hashtable<?, ?> environment) {
    return EnvironmentContext.ofThisThread();
  }
}
