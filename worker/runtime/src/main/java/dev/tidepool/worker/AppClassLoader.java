package dev.tidepool.worker;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads an app's classes from its own jar first, so that it brings whatever versions it likes. Only
 * the app API comes always from the worker, even if the jar bundles it: both must mean the same
 * classes. Nothing else of the worker can be seen.
 */
final class AppClassLoader extends URLClassLoader {
  private static final List<String> API =
      List.of(
          "dev.tidepool.app.",
          "io.undertow.",
          "org.xnio.",
          "com.typesafe.config.",
          "com.codahale.metrics.",
          "org.jboss.logging.",
          "org.slf4j.",
          "org.jspecify.");

  /** The code that it generates for the app's objects in sessions looks for it here. */
  private static final String FORY = "org.apache.fory.";

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader worker;

  AppClassLoader(URL jar, ClassLoader worker) {
    super("app", new URL[] {jar}, ClassLoader.getPlatformClassLoader());
    this.worker = worker;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (API.stream().anyMatch(name::startsWith)) {
      return worker.loadClass(name);
    }
    if (name.startsWith("java.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        try {
          loaded = findClass(name);
        } catch (ClassNotFoundException e) {
          return name.startsWith(FORY) ? worker.loadClass(name) : super.loadClass(name, resolve);
        }
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    return own != null ? own : super.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
    all.addAll(Collections.list(getParent().getResources(name)));
    return Collections.enumeration(all);
  }
}
